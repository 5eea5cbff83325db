-- What a room says of itself, in one step: its row, changes of its people, and messages of its log. ARGV[3] is the row.
-- Said again after a failure, so each part is fine twice: messages replace what is in the range of their scores.
local it, row = it, it.row
local name, batch = row.name, it.batch
local room, people = K.room .. name, K.people_of .. name

local known = redis.call('HMGET', room, 'epoch', 'access', 'skeleton', 'version')
if known[2] == 'closing' then return '[]' end
if batch and batch ~= null then
  -- A room that was closed, or an object whose room has moved on to another.
  if redis.call('EXISTS', K.closed .. batch.epoch) == 1 then return '[]' end
  if known[1] and known[1] ~= batch.epoch then return refuse('Superseded') end
  -- One that was held back while the room went on. Its sender is dead, or has given it up.
  if known[1] and tonumber(known[4] or 0) > batch.version then return refuse('Superseded') end
else
  batch = nil
end

local fields = { 'key', it.key, 'skeleton', it.skeleton, 'description', row.description, 'access', row.access }
if batch then
  for _, field in ipairs({ 'epoch', batch.epoch, 'version', batch.version, 'created', seconds(row.created), 'owner', batch.owner.name,
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

-- The room knows how much was read: it may be less than before, of a new room of the same name.
local function read(person, messages)
  local unread = {}
  for _, message in ipairs(mark_of(person, it.key).mentions) do
    if message > messages then unread[#unread + 1] = message end
  end
  redis.call('HSET', K.marks .. person, it.key, marked(messages, unread))
end

local function mentioned(person, message)
  local mark = mark_of(person, it.key)
  if message <= mark.read or #mark.mentions >= MENTIONS_KEPT then return end
  for _, known in ipairs(mark.mentions) do
    if known == message then return end
  end
  mark.mentions[#mark.mentions + 1] = message
  redis.call('HSET', K.marks .. person, it.key, marked(mark.read, mark.mentions))
end

-- What a member who left has said is still there. Of whoever was deleted nothing is kept but the errands.
local function note_left(person, value)
  if not value or value:sub(1, 1) ~= '1' then return end
  if redis.call('EXISTS', K.deleted .. person) == 1 then return redis.call('HDEL', K.marks .. person, it.key) end
  redis.call('HSET', K.left_rooms .. person, it.key, name)
  if redis.call('HEXISTS', K.accounts, person) == 0 then
    redis.call('PEXPIRE', K.left_rooms .. person, GUEST_LEFT)
  end
end

-- What a deleted account has said, as the log says it where it has a message: nobody's, and if it was so chosen nothing.
local function forgotten(member, person, messages)
  local read, entry = pcall(cjson.decode, member)
  if not read or type(entry) ~= 'table' then return member end
  local about = type(entry.about) == 'table' and entry.about or {}
  if entry.person == person then
    entry.username, entry.person, entry.kind = 'deleted', NOBODY, 'deleted'
    if messages == 'deleted' then entry.msg, about = '', { deleted = about.deleted or now } end
  end
  local reactions = {}
  for _, reaction in ipairs(about.reactions or {}) do
    local people = {}
    for _, one in ipairs(reaction.people) do
      if one.id ~= person then people[#people + 1] = one end
    end
    if #people > 0 then reactions[#reactions + 1] = { reaction = reaction.reaction, people = people } end
  end
  about.reactions = #reactions > 0 and reactions or nil
  entry.about = next(about) and about or nil
  return cjson.encode(entry)
end

local function forget(erased)
  local messages, from = K.messages .. name, 0
  repeat
    local page = redis.call('ZRANGE', messages, from, from + 499, 'WITHSCORES')
    for place = 1, #page, 2 do
      if page[place]:find(erased.person, 1, true) then
        redis.call('ZREM', messages, page[place])
        redis.call('ZADD', messages, page[place + 1], forgotten(page[place], erased.person, erased.messages))
      end
    end
    from = from + 500
  until #page < 1000
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
    redis.call('HSET', people, person, cjson.encode({ person = what.person, at = what.at }))
    redis.call('HSET', K.rooms_of .. person, it.key, '1' .. name)
    read(person, what.read)
  elseif kind == 'visited' then
    person = what
    redis.call('HSETNX', people, person, '')
    redis.call('HSETNX', K.rooms_of .. person, it.key, '0' .. name)
  elseif kind == 'left' then
    take_from_members(what)
    redis.call('HDEL', people, what)
    note_left(what, redis.call('HGET', K.rooms_of .. what, it.key))
    redis.call('HDEL', K.rooms_of .. what, it.key)
  end
  if kind == 'erased' then forget(what) end
  if kind == 'read' then read(what[1], what[2]) end
  if kind == 'mentioned' then mentioned(what[1], what[2]) end
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
