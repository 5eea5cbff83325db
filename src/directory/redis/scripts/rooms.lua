-- The room index and each person's rooms.
local handlers = {}

function handlers.Reserve()
  local exists = redis.call('HEXISTS', K.room_names, it.key) == 1
    or redis.call('HEXISTS', K.room_looks, it.skeleton) == 1
    -- Rooms of the tutorial chat that are in no index yet.
    or redis.call('EXISTS', K.room .. it.name, K.members .. it.name, K.messages .. it.name) > 0
  if exists then return refuse('Taken') end
  local held = redis.call('GET', K.reserved .. it.skeleton)
  if held then
    local at, by = held:match('^(%d+) (.*)$')
    if by ~= it.by and tonumber(at) + RESERVATION > now then return refuse('Taken') end
  end
  redis.call('SET', K.reserved .. it.skeleton, string.format('%d %s', now, it.by), 'PX', RESERVATION)
  return 'null'
end

-- A page by falling activity, then by falling name. Redis takes scores only for a place to begin at, so the rooms of
-- exactly the activity that the page before ended with are looked at one by one.
function handlers.Rooms()
  local names = {}
  local function take(found)
    for place = 1, #found, 2 do
      local earlier = it == null or tonumber(found[place + 1]) < it.activity / 1000 or found[place] < it.room
      if earlier then names[#names + 1] = found[place] end
    end
  end
  local most = '+inf'
  if it ~= null then
    local at = seconds(it.activity)
    take(redis.call('ZREVRANGEBYSCORE', K.rooms, at, at, 'WITHSCORES'))
    most = '(' .. at
  end
  take(redis.call('ZREVRANGEBYSCORE', K.rooms, most, '-inf', 'WITHSCORES', 'LIMIT', 0, LIST_PAGE + 1))
  local more = #names > LIST_PAGE
  while #names > LIST_PAGE do names[#names] = nil end
  local rows, next_place = {}, 'null'
  if #names > 0 then
    for _, row in ipairs(redis.call('HMGET', K.rows, unpack(names))) do
      if row then rows[#rows + 1] = row end
    end
  end
  if more and #rows > 0 then
    next_place = cjson.encode({ activity = cjson.decode(rows[#rows]).activity, room = names[#names] })
  end
  return '{"rooms":' .. list(rows) .. ',"next":' .. next_place .. '}'
end

function handlers.RoomsOf()
  local names, keys = {}, {}
  local mine = redis.call('HGETALL', K.rooms_of .. it)
  for place = 1, #mine, 2 do
    local value = mine[place + 1]
    if value:sub(1, 1) == '1' and #names < 2000 then
      names[#names + 1] = value:sub(2)
      keys[#keys + 1] = mine[place]
    end
  end
  if #names == 0 then return '[]' end
  local rows, marks = {}, redis.call('HMGET', K.marks .. it, unpack(keys))
  for place, row in ipairs(redis.call('HMGET', K.rows, unpack(names))) do
    if row then
      local mark = mark_in(marks[place])
      local numbers = string.format(',"read":%d,"mentions":[%s]}', mark.read, table.concat(mark.mentions, ','))
      rows[#rows + 1] = { at = cjson.decode(row).activity, name = names[place], row = row:sub(1, -2) .. numbers }
    end
  end
  table.sort(rows, function(one, other)
    if one.at ~= other.at then return one.at > other.at end
    return one.name > other.name
  end)
  local found = {}
  for place = 1, math.min(#rows, 500) do found[place] = rows[place].row end
  return list(found)
end

-- From here on the room is in no list and nothing it says is taken, also by its epoch when its name is free again.
function handlers.Hide()
  local name = redis.call('HGET', K.room_names, it)
  if not name then return 'null' end
  local epoch = redis.call('HGET', K.room .. name, 'epoch')
  if epoch then redis.call('SET', K.closed .. epoch, '1', 'PX', SESSION) end
  redis.call('HSET', K.room .. name, 'access', 'closing')
  redis.call('ZREM', K.rooms, name)
  redis.call('HDEL', K.rows, name)
  return 'null'
end

function handlers.Free()
  local name = redis.call('HGET', K.room_names, it)
  if not name then return 'null' end
  for _, person in ipairs(redis.call('HKEYS', K.people_of .. name)) do
    redis.call('HDEL', K.rooms_of .. person, it)
    redis.call('HDEL', K.marks .. person, it)
  end
  local skeleton = redis.call('HGET', K.room .. name, 'skeleton')
  redis.call('DEL', K.room .. name, K.members .. name, K.messages .. name, K.people_of .. name)
  redis.call('ZREM', K.rooms, name)
  redis.call('HDEL', K.rows, name)
  redis.call('HDEL', K.room_names, it)
  if skeleton then redis.call('HDEL', K.room_looks, skeleton) end
  return 'null'
end

return handlers[call]()
