-- Persons and rooms of an embedded Directory as they stand there, in place of what was copied of them before. ARGV[3]
-- names the site: a Redis takes in one embedded Directory, and the names in it are unique then.
local site = redis.call('GET', K.site)
if site and site ~= ARGV[3] then return refuse('Superseded') end
if not site then
  if redis.call('EXISTS', K.accounts) > 0 then return refuse('Superseded') end
  redis.call('SET', K.site, ARGV[3])
end

for _, room in ipairs(it.rooms) do
  local name = redis.call('HGET', K.room_names, room.key)
  if room.row ~= null and room.skeleton ~= null then
    local row = cjson.decode(room.row)
    redis.call('HSET', K.room .. row.name, 'key', room.key, 'skeleton', room.skeleton, 'description', row.description,
      'access', row.access, 'created', seconds(row.created))
    redis.call('HSET', K.rows, row.name, room.row)
    redis.call('HSET', K.room_names, room.key, row.name)
    redis.call('HSET', K.room_looks, room.skeleton, room.key)
    if row.access == 'open' then redis.call('ZADD', K.rooms, seconds(row.activity), row.name)
    else redis.call('ZREM', K.rooms, row.name) end
  elseif name then
    local skeleton = redis.call('HGET', K.room .. name, 'skeleton')
    redis.call('DEL', K.room .. name)
    redis.call('HDEL', K.rows, name)
    redis.call('HDEL', K.room_names, room.key)
    redis.call('ZREM', K.rooms, name)
    if skeleton then redis.call('HDEL', K.room_looks, skeleton) end
  end
end

for _, each in ipairs(it.persons) do
  local person, account = each.person, each.account
  local copied = redis.call('HGET', K.accounts, person)
  if account == null and copied then
    -- Deleted since it was copied.
    local user = hash(K.user .. copied)
    if user.reset then redis.call('DEL', K.reset .. user.reset) end
    redis.call('DEL', K.user .. copied)
    redis.call('HDEL', K.user_names, user.key)
    redis.call('HDEL', K.user_looks, user.skeleton)
    redis.call('HDEL', K.accounts, person)
  elseif account ~= null then
    local user = K.user .. account.name
    redis.call('HSET', user, 'person', person, 'key', account.key, 'skeleton', account.skeleton, 'salt', account.salt,
      'rounds', account.rounds, 'record', account.record, 'recovery', account.recovery, 'setup', account.setup,
      'created', seconds(account.created))
    redis.call('HSET', K.user_names, account.key, account.name)
    redis.call('HSET', K.user_looks, account.skeleton, account.key)
    redis.call('HSET', K.accounts, person, account.name)
    if each.reset ~= null and each.reset.expires > now then
      redis.call('HSET', user, 'reset', each.reset.token)
      redis.call('SET', K.reset .. each.reset.token, cjson.encode({ person = person, expires = each.reset.expires }),
        'PX', RESET)
    end
  end
  redis.call('DEL', K.sessions .. person, K.departed .. person, K.rooms_of .. person, K.left_rooms .. person,
    K.marks .. person)
  for _, session in ipairs(each.sessions) do
    redis.call('HSET', K.sessions .. person, session.id, cjson.encode(session))
  end
  for _, gone in ipairs(each.departed) do
    redis.call('HSET', K.departed .. person, gone[1], string.format('%d', gone[2]))
    redis.call('PEXPIRE', K.departed .. person, SESSION)
  end
  if each.blocked == 1 then redis.call('SADD', K.blocked, person) else redis.call('SREM', K.blocked, person) end
  for _, one in ipairs(each.marks) do
    redis.call('HSET', K.marks .. person, one[1], marked(one[2].read, one[2].mentions))
  end
  for _, room in ipairs(each.rooms) do
    redis.call('HSET', K.rooms_of .. person, room[1], room[3] .. room[2])
    redis.call('HSETNX', K.people_of .. room[2], person, '')
  end
  for _, room in ipairs(each.left) do
    redis.call('HSET', K.left_rooms .. person, room[1], room[2])
    if room[3] ~= null then redis.call('PEXPIRE', K.left_rooms .. person, GUEST_LEFT) end
  end
  if each.deleted ~= null then
    redis.call('SET', K.deleted .. person, cjson.encode(each.deleted[1]), 'PX', SESSION)
  end
  -- Those that were done since they were copied are done once more.
  for _, errand in ipairs(each.errands) do
    redis.call('HSET', K.errands, person .. ' ' .. errand[1],
      cjson.encode({ messages = errand[2], due = errand[3], tries = errand[4] }))
  end
end
return 'null'
