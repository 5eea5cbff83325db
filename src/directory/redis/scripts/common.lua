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
  return #ended, '{"person":"' .. person .. '","sessions":' .. list(ended) .. ',"last":' .. tostring(last) .. '}'
end
