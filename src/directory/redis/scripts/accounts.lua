-- Accounts, their sessions, reset tokens, and who is blocked. ARGV[3] and ARGV[4]: key and skeleton of the name in the
-- call, where there is one.
local handlers = {}
local key, skeleton = ARGV[3], ARGV[4]

local function is_taken()
  return redis.call('HEXISTS', K.user_names, key) == 1 or redis.call('HEXISTS', K.user_looks, skeleton) == 1
    or redis.call('HEXISTS', K.imported, key) == 1 or redis.call('HEXISTS', K.imported_looks, skeleton) == 1
end

local function user_of(person)
  local name = redis.call('HGET', K.accounts, person)
  return name and K.user .. name
end

local function is_blocked(person) return redis.call('SISMEMBER', K.blocked, person) == 1 end

local function keep_session(person, session)
  redis.call('HSET', K.sessions .. person, session.id, cjson.encode(session))
end

-- Those that ended by themselves go here, because who logs in is who has them.
local function begin(person, session)
  for id, old in pairs(hash(K.sessions .. person)) do
    if cjson.decode(old).expires <= session.created then redis.call('HDEL', K.sessions .. person, id) end
  end
  keep_session(person, session)
end

-- Kept for as long as a token of the session can be valid.
local function note_ended(person, session)
  local ended = K.departed .. person
  for old, expires in pairs(hash(ended)) do
    if tonumber(expires) <= now then redis.call('HDEL', ended, old) end
  end
  redis.call('HSET', ended, session, string.format('%d', now + SESSION))
  redis.call('PEXPIRE', ended, SESSION)
end

-- With those that had ended before: rooms may not have heard of them.
local function farewell(person, only)
  local _, gone = departed(person, only)
  return '{"departed":' .. gone .. ',"rooms":' .. texts(redis.call('HKEYS', K.rooms_of .. person)) .. '}'
end

local function end_sessions(person, which)
  local kind, named = which, nil
  if type(which) == 'table' then kind, named = next(which) end
  if not user_of(person) then
    -- A guest has one session, named like themselves.
    note_ended(person, kind == 'One' and named or person)
  else
    for _, id in ipairs(redis.call('HKEYS', K.sessions .. person)) do
      local ends = kind == 'All' or (kind == 'One' and id == named) or (kind == 'AllBut' and id ~= named)
      if ends then
        redis.call('HDEL', K.sessions .. person, id)
        note_ended(person, id)
      end
    end
  end
  return farewell(person, kind == 'One' and named or nil)
end

function handlers.FreeForGuests()
  -- Also a name that the tutorial chat has in a key of ours.
  return (is_taken() or redis.call('EXISTS', K.user .. it) == 1) and refuse('Taken') or 'null'
end

function handlers.Register()
  local person, login = it.person, it.login
  local user = K.user .. person.name
  local same = redis.call('HMGET', user, 'person', 'record')
  if same[1] == person.id and same[2] == login.record then
    -- The same request once more: its answer was lost.
    return texts(redis.call('HKEYS', K.rooms_of .. person.id))
  end
  -- Also what the tutorial chat has under this name is not ours to write over.
  if is_taken() or redis.call('EXISTS', user) == 1 then return refuse('Taken') end
  if it.guest ~= null then
    if is_blocked(person.id) then return refuse('Blocked') end
    if redis.call('HEXISTS', K.departed .. person.id, it.guest) == 1 then return refuse('Ended') end
  end
  redis.call('HSET', user, 'person', person.id, 'key', key, 'skeleton', skeleton, 'salt', login.salt,
    'rounds', login.rounds, 'record', login.record, 'recovery', it.recovery, 'setup', it.setup and '1' or '0',
    'created', seconds(now))
  redis.call('HSET', K.user_names, key, person.name)
  redis.call('HSET', K.user_looks, skeleton, key)
  redis.call('HSET', K.accounts, person.id, person.name)
  redis.call('PERSIST', K.left_rooms .. person.id)
  begin(person.id, it.session)
  if it.guest ~= null then note_ended(person.id, it.guest) end
  return texts(redis.call('HKEYS', K.rooms_of .. person.id))
end

function handlers.Account()
  local name = redis.call('HGET', K.user_names, it)
  if not name then return 'null' end
  local user = hash(K.user .. name)
  return cjson.encode({
    person = { id = user.person, name = name, kind = 'account' },
    login = { salt = user.salt, rounds = tonumber(user.rounds), record = user.record },
    recovery = user.recovery,
    setup = user.setup == '1',
    blocked = is_blocked(user.person),
  })
end

function handlers.Open()
  local person, record, session = it[1], it[2], it[3]
  local user = user_of(person)
  if not user or redis.call('HGET', user, 'record') ~= record or is_blocked(person) then return refuse('Ended') end
  begin(person, session)
  return 'null'
end

function handlers.Touch()
  local person, id = it[1], it[2]
  local row = redis.call('HGET', K.sessions .. person, id)
  local session = row and cjson.decode(row)
  if not session or session.expires <= now then return refuse('Ended') end
  session.used, session.expires = now, now + SESSION
  keep_session(person, session)
  return cjson.encode(session.expires)
end

function handlers.Sessions()
  local open = {}
  for _, row in ipairs(redis.call('HVALS', K.sessions .. it)) do
    local session = cjson.decode(row)
    if session.expires > now then open[#open + 1] = session end
  end
  table.sort(open, function(one, other)
    if one.used ~= other.used then return one.used > other.used end
    return one.created > other.created
  end)
  while #open > 200 do open[#open] = nil end
  return texts(open)
end

function handlers.End() return end_sessions(it[1], it[2]) end

function handlers.SetLogin()
  local kind, proof = next(it[1])
  local login = it[2]
  local person, record
  if kind == 'Record' then
    person, record = proof.person, proof.record
  elseif kind == 'Recovery' then
    person, record = proof[1], proof[2]
  else
    local token = redis.call('GET', K.reset .. proof)
    local reset = token and cjson.decode(token)
    if not reset or reset.expires <= now then return refuse('Ended') end
    person = reset.person
  end
  local user = user_of(person)
  if not user then return refuse('Ended') end
  local stored = redis.call('HGET', user, 'record')
  local which = kind == 'Record' and { AllBut = proof.renewed } or 'All'
  -- Records are salted anew each time, so this is the same request once more: its answer was lost.
  if record and stored == login.record then return end_sessions(person, which) end
  if record and stored ~= record then return refuse('Ended') end
  if kind == 'Record' then
    local row = redis.call('HGET', K.sessions .. person, proof.session)
    local session = row and cjson.decode(row)
    if not session or session.expires <= now then return refuse('Ended') end
    session.id = proof.renewed
    keep_session(person, session)
    redis.call('HDEL', K.sessions .. person, proof.session)
    note_ended(person, proof.session)
  end
  redis.call('HSET', user, 'salt', login.salt, 'rounds', login.rounds, 'record', login.record)
  -- Whoever sets the password may do it against the one who has the link.
  local reset = redis.call('HGET', user, 'reset')
  if reset then
    redis.call('DEL', K.reset .. reset)
    redis.call('HDEL', user, 'reset')
  end
  return end_sessions(person, which)
end

function handlers.OfferReset()
  local person, token = it[1], it[2]
  local user = user_of(person)
  if not user then return refuse('Unknown') end
  local before = redis.call('HGET', user, 'reset')
  if before then redis.call('DEL', K.reset .. before) end
  redis.call('HSET', user, 'reset', token)
  redis.call('SET', K.reset .. token, cjson.encode({ person = person, expires = now + RESET }), 'PX', RESET)
  return cjson.encode(now + RESET)
end

function handlers.Block()
  if not user_of(it) and redis.call('EXISTS', K.rooms_of .. it) == 0 then return refuse('Unknown') end
  redis.call('SADD', K.blocked, it)
  return end_sessions(it, 'All')
end

function handlers.Unblock()
  redis.call('SREM', K.blocked, it)
  return 'null'
end

function handlers.ReleaseImported()
  local look = redis.call('HGET', K.imported, it)
  if not look then return refuse('Unknown') end
  redis.call('HDEL', K.imported, it)
  look = cjson.decode(look)
  redis.call('HDEL', K.imported_looks, look.skeleton)
  -- What the tutorial chat kept under the name makes way, and is kept aside.
  if redis.call('EXISTS', K.user .. look.name) == 1 then
    redis.call('RENAME', K.user .. look.name, K.old_user .. look.name)
  end
  return 'null'
end

return handlers[call]()
