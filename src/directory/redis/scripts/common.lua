-- Before every script. ARGV[1] is the time in milliseconds, ARGV[2] one call as JSON: {"Name": what it asks}.
-- Answers are JSON texts; an error is one after "!". Texts that are JSON already are joined, not decoded: cjson makes {}
-- of an empty list.
local now = tonumber(ARGV[1])
local call, it = next(cjson.decode(ARGV[2]))
local null = cjson.null

local function refuse(error) return '!"' .. error .. '"' end
local function list(texts) return '[' .. table.concat(texts, ',') .. ']' end
local function seconds(millis) return string.format('%.3f', millis / 1000) end

local function hash(key)
  local pairs_of, found = redis.call('HGETALL', key), {}
  for place = 1, #pairs_of, 2 do found[pairs_of[place]] = pairs_of[place + 1] end
  return found
end

local function texts(values)
  local found = {}
  for place, value in ipairs(values) do found[place] = cjson.encode(value) end
  return list(found)
end

-- The sessions of a person that have ended, by id; and the JSON of a Departed, of all of them or of one.
local function departed(person, only)
  local ended = {}
  for session, expires in pairs(hash(K.departed .. person)) do
    if tonumber(expires) > now and (not only or only == session) then
      ended[#ended + 1] = cjson.encode({ session = session, expires = tonumber(expires) })
    end
  end
  table.sort(ended)
  local last = true
  for _, session in ipairs(redis.call('HVALS', K.sessions .. person)) do
    if cjson.decode(session).expires > now then last = false end
  end
  local erased = #ended > 0 and redis.call('GET', K.deleted .. person) or 'null'
  return #ended, '{"person":"' .. person .. '","sessions":' .. list(ended) .. ',"last":' .. tostring(last)
    .. ',"erased":' .. erased .. '}'
end

-- What a person has read of a room, as it is kept: the number of messages read, then those of unread mentions.
local function marked(read, mentions)
  local words = { string.format('%d', read) }
  for _, message in ipairs(mentions) do words[#words + 1] = string.format('%d', message) end
  return table.concat(words, ' ')
end

local function mark_in(text)
  local mark = { read = 0, mentions = {} }
  for number in (text or '0'):gmatch('%d+') do mark.mentions[#mark.mentions + 1] = tonumber(number) end
  mark.read = table.remove(mark.mentions, 1) or 0
  return mark
end

local function mark_of(person, room)
  return mark_in(redis.call('HGET', K.marks .. person, room))
end
