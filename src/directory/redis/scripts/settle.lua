-- Everything of an embedded Directory is here. Which site's Redis this is from now on: ARGV[3]'s, or, for a deployment
-- that brought nothing along, whose it was before.
local site = redis.call('GET', K.site)
if not site then
  redis.call('SET', K.site, ARGV[3])
  site = ARGV[3]
end
if site ~= ARGV[3] and not it.fresh then return refuse('Superseded') end
return cjson.encode(site)
