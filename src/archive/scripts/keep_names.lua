-- Keeps names on old messages from being taken by others, unless somebody has an account of that name. ARGV from the
-- third: key, skeleton and name, of each.
for place = 3, #ARGV, 3 do
  local key, skeleton, name = ARGV[place], ARGV[place + 1], ARGV[place + 2]
  if redis.call('HEXISTS', K.user_names, key) == 0 then
    redis.call('HSETNX', K.imported, key, cjson.encode({ name = name, skeleton = skeleton }))
    redis.call('HSETNX', K.imported_looks, skeleton, key)
  end
end
return 'null'
