-- What there is of rooms, and which room in the index has the name or the look of each. Writes nothing.
local function size(key)
  local count = redis.pcall('ZCARD', key)
  return type(count) == 'number' and count or nil
end

local function earlier(one, other)
  if one and other then return tonumber(one) < tonumber(other) and one or other end
  return one or other
end

-- The tutorial chat gave a room's creator the score 1, which is no time.
local function first(key) return redis.call('ZRANGEBYSCORE', key, '(1', '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2] end

-- Nothing, or the epoch of an object that has opened the room and not said so yet.
local function is_free(room)
  local fields = redis.pcall('HKEYS', room)
  return not fields.err and (#fields == 0 or (#fields == 1 and fields[1] == 'epoch'))
end

local found = {}
for _, room in ipairs(it) do
  local members, messages = K.members .. room.name, K.messages .. room.name
  local look = {}
  if is_free(K.room .. room.name) then look = { members = size(members), messages = size(messages) } end
  if look.members and look.messages then
    look.creator = redis.call('ZRANGE', members, 0, 0)[1]
    look.first = earlier(first(members), first(messages))
    look.newest = redis.call('ZREVRANGE', messages, 0, 0, 'WITHSCORES')[2]
  end
  local key = redis.call('HEXISTS', K.room_names, room.key) == 1 and room.key
    or redis.call('HGET', K.room_looks, room.skeleton)
  if key then look.holder = redis.call('HGET', K.room_names, key) or key end
  found[#found + 1] = cjson.encode(look)
end
return list(found)
