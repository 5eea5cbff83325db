-- Accounts that are deleted, and the rooms that have yet to hear of it.
local handlers = {}

function handlers.Delete()
  local person, record, messages = it[1], it[2], it[3]
  local name = redis.call('HGET', K.accounts, person)
  if not name then
    -- The same once more: its answer was lost.
    return redis.call('EXISTS', K.deleted .. person) == 1 and 'null' or refuse('Ended')
  end
  local user = hash(K.user .. name)
  if user.record ~= record then return refuse('Ended') end
  if redis.call('SISMEMBER', K.blocked, person) == 1 then return refuse('Blocked') end
  local rooms = hash(K.left_rooms .. person)
  for room, value in pairs(hash(K.rooms_of .. person)) do rooms[room] = value:sub(2) end
  for _, room in pairs(rooms) do
    local errand = cjson.encode({ messages = messages, due = now, tries = 0 })
    redis.call('HSET', K.errands, person .. ' ' .. room, errand)
  end
  for _, session in ipairs(redis.call('HKEYS', K.sessions .. person)) do
    redis.call('HSET', K.departed .. person, session, string.format('%d', now + SESSION))
  end
  redis.call('PEXPIRE', K.departed .. person, SESSION)
  redis.call('SET', K.deleted .. person, cjson.encode(messages), 'PX', SESSION)
  if user.reset then redis.call('DEL', K.reset .. user.reset) end
  redis.call('DEL', K.user .. name, K.sessions .. person, K.rooms_of .. person, K.left_rooms .. person,
    K.marks .. person)
  redis.call('HDEL', K.user_names, user.key)
  redis.call('HDEL', K.user_looks, user.skeleton)
  redis.call('HDEL', K.accounts, person)
  return 'null'
end

-- At most so many. What is given out is due again later, unless it is done by then.
function handlers.Errands()
  local due, next_due = {}, nil
  for key, value in pairs(hash(K.errands)) do
    local errand = cjson.decode(value)
    if errand.due <= now and #due < it then
      local person, room = key:match('^(%S+) (.*)$')
      due[#due + 1] = cjson.encode({ room = room, erased = { person = person, messages = errand.messages } })
      errand.due = now + math.min(RETRY_FIRST * 2 ^ errand.tries, RETRY_LONGEST)
      errand.tries = errand.tries + 1
      redis.call('HSET', K.errands, key, cjson.encode(errand))
    end
    if not next_due or errand.due < next_due then next_due = errand.due end
  end
  return '{"due":' .. list(due) .. ',"next":' .. (next_due and string.format('%d', next_due) or 'null') .. '}'
end

function handlers.Done()
  for _, errand in ipairs(it) do
    redis.call('HDEL', K.errands, errand.erased.person .. ' ' .. errand.room)
  end
  return 'null'
end

return handlers[call]()
