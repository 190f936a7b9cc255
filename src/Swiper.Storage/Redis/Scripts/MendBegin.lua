-- ARGV: group, token, ms that the token lasts, then boards to drop. From here on batches for the group are put by in its list.
-- Answers false where somebody else mends, else 1.

local prefix, token = prefix_of(ARGV[1]), ARGV[2]
local holder = redis.call('GET', prefix .. 'mending')
if holder and holder ~= token then
    return false
end
-- Untrusted while it is half written; and what an earlier mending missed is in the truth that this one will read.
redis.call('DEL', prefix .. 'index', prefix .. 'missed', prefix .. 'unranked')
for i = 4, #ARGV do
    redis.call('UNLINK', prefix .. 'board:' .. ARGV[i])
end
redis.call('SET', prefix .. 'mending', token, 'PX', ARGV[3])
return 1
