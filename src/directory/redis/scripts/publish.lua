-- What a room says of itself, in one step: its row, changes of its people, and messages of its log. ARGV[3] is the row.
-- Said again after a failure, so each part is fine twice: messages replace what is in the range of their scores.
local it, row = it, it.row
local name, batch = row.name, it.batch
local room, people = K.room .. name, K.people_of .. name

local known = redis.call('HMGET', room, 'epoch', 'access', 'skeleton')
if known[2] == 'closing' then return '[]' end
if batch and batch ~= null then
  -- A room that was closed, or an object whose room has moved on to another.
  if redis.call('EXISTS', K.closed .. batch.epoch) == 1 then return '[]' end
  if known[1] and known[1] ~= batch.epoch then return refuse('Superseded') end
else
  batch = nil
end

local fields = { 'key', it.key, 'skeleton', it.skeleton, 'description', row.description, 'access', row.access }
if batch then
  for _, field in ipairs({ 'epoch', batch.epoch, 'created', seconds(row.created), 'owner', batch.owner.name,
    'owner_person', cjson.encode(batch.owner) }) do
    fields[#fields + 1] = field
  end
end
redis.call('HSET', room, unpack(fields))
redis.call('HSET', K.rows, name, ARGV[3])
if row.access == 'open' then
  redis.call('ZADD', K.rooms, seconds(row.activity), name)
else
  redis.call('ZREM', K.rooms, name)
end
if not known[3] then
  redis.call('HSET', K.room_names, it.key, name)
  redis.call('HSET', K.room_looks, it.skeleton, it.key)
  redis.call('DEL', K.reserved .. it.skeleton)
end

local function shown(person)
  if person.kind ~= 'guest' then return person.name end
  return person.name .. ' · guest ' .. person.id:sub(1, 4)
end

-- A member is in the tutorial's set under the name they show; that can change.
local function take_from_members(person)
  local before = redis.call('HGET', people, person)
  if before and before ~= '' then redis.call('ZREM', K.members .. name, shown(cjson.decode(before).person)) end
  return before
end

local touched, order = {}, {}
for _, change in ipairs(it.changes) do
  local kind, what
  if type(change) == 'table' then kind, what = next(change) end
  local person
  if kind == 'joined' then
    person = what.person.id
    take_from_members(person)
    redis.call('ZADD', K.members .. name, seconds(what.at), shown(what.person))
    redis.call('HSET', people, person, cjson.encode(what))
    redis.call('HSET', K.rooms_of .. person, it.key, '1' .. name)
  elseif kind == 'visited' then
    person = what
    redis.call('HSETNX', people, person, '')
    redis.call('HSETNX', K.rooms_of .. person, it.key, '0' .. name)
  elseif kind == 'left' then
    take_from_members(what)
    redis.call('HDEL', people, what)
    redis.call('HDEL', K.rooms_of .. what, it.key)
  end
  if person and not touched[person] then
    touched[person] = true
    order[#order + 1] = person
  end
end

if batch then
  local messages = K.messages .. name
  if #batch.entries > 0 then
    local members = {}
    for _, entry in ipairs(batch.entries) do
      members[#members + 1] = entry[1]
      members[#members + 1] = entry[2]
    end
    redis.call('ZREMRANGEBYSCORE', messages, members[1], members[#members - 1])
    redis.call('ZADD', messages, unpack(members))
  end
  for _, entry in ipairs(batch.revised) do
    redis.call('ZREMRANGEBYSCORE', messages, entry[1], entry[1])
    if entry[2] ~= '' then redis.call('ZADD', messages, entry[1], entry[2]) end
  end
  if batch.oldest ~= null then
    local from = batch.kept_until == null and '-inf' or '(' .. batch.kept_until
    redis.call('ZREMRANGEBYSCORE', messages, from, '(' .. batch.oldest)
  end
end

local gone = {}
for _, person in ipairs(order) do
  local sessions, text = departed(person)
  if sessions > 0 then gone[#gone + 1] = text end
end
return list(gone)
