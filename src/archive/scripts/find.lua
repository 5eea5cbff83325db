-- A room that has messages here but no log, for the object that makes it one: from now on only its epoch may write.
local name = redis.call('HGET', K.room_names, it.key) or it.name
local room, messages, members = K.room .. name, K.messages .. name, K.members .. name
if redis.call('EXISTS', room, messages, members) == 0 then return 'null' end
local fields = hash(room)
if fields.access == 'closing' then return 'null' end
redis.call('HSET', room, 'epoch', it.epoch)
-- Versions are counted in an epoch.
redis.call('HDEL', room, 'version')

local newest = redis.call('ZREVRANGE', messages, 0, it.page - 1, 'WITHSCORES')
local people = {}
for _, person in ipairs(redis.call('HVALS', K.people_of .. name)) do
  if person ~= '' then people[#people + 1] = person end
end
-- The tutorial chat gave a room's creator the score 1.
local creator = redis.call('ZRANGE', members, 0, 0)[1]
local function text(value) return value and cjson.encode(value) or 'null' end
return '{"name":' .. cjson.encode(name)
  .. ',"description":' .. text(fields.description) .. ',"access":' .. text(fields.access)
  .. ',"created":' .. text(fields.created) .. ',"owner":' .. (fields.owner_person or 'null')
  .. ',"creator":' .. text(creator) .. ',"messages":' .. redis.call('ZCARD', messages)
  .. ',"people":' .. list(people) .. ',"newest":' .. texts(newest) .. '}'
