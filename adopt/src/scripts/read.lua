-- Pages of members or messages with their scores, newest first, until the answer is long enough: the rest is asked for
-- again. Writes nothing.
local found, length = {}, 0
for _, page in ipairs(it.pages) do
  if length > it.answer then break end
  local pairs_of = redis.call('ZREVRANGE', K[page.set] .. page.room, page.from, page.from + it.size - 1, 'WITHSCORES')
  for _, text in ipairs(pairs_of) do length = length + #text end
  found[#found + 1] = texts(pairs_of)
end
return list(found)
