-- Which of these keys of names nobody has and nothing keeps. ARGV from the third: the keys. Writes nothing.
local found = {}
for place = 3, #ARGV do
  local key = ARGV[place]
  if redis.call('HEXISTS', K.user_names, key) == 0 and redis.call('HEXISTS', K.imported, key) == 0 then
    found[#found + 1] = key
  end
end
return texts(found)
