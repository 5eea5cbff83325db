-- A room of the tutorial chat into the index, as publish.lua would put it there. Its object claims the epoch when it is
-- first opened, and members and messages stay as they are. ARGV[3] is its row.
local row = it.row
local name, room = row.name, K.room .. row.name
-- The same once more, or the room was opened meanwhile and has said so itself.
if redis.call('HGET', K.room_names, it.key) == name then return 'true' end

local fields = redis.pcall('HKEYS', room)
local is_free = not fields.err and (#fields == 0 or (#fields == 1 and fields[1] == 'epoch'))
  and redis.call('HEXISTS', K.room_names, it.key) == 0 and redis.call('HEXISTS', K.room_looks, it.skeleton) == 0
  -- Somebody is making a room that looks like it.
  and redis.call('EXISTS', K.reserved .. it.skeleton) == 0
  and redis.call('EXISTS', K.members .. name, K.messages .. name) > 0
if not is_free then return 'false' end

redis.call('HSET', room, 'key', it.key, 'skeleton', it.skeleton, 'description', row.description, 'access', row.access,
  'created', it.created)
if it.owner ~= null then redis.call('HSET', room, 'owner', it.owner) end
redis.call('HSET', K.rows, name, ARGV[3])
redis.call('ZADD', K.rooms, seconds(row.activity), name)
redis.call('HSET', K.room_names, it.key, name)
redis.call('HSET', K.room_looks, it.skeleton, it.key)
return 'true'
