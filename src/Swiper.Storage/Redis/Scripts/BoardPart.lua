-- ARGV: board, group, from, to. Answers false where the group can't be read; else those of its part of the board from one index to the
-- other, lowest first: uid, place. Who moves meanwhile may be passed over, or come twice.

local keys, report = parts_of(ARGV[1], { ARGV[2] }, 1)
if #report > 0 then
    return false
end
return redis.call('ZRANGE', keys[1], ARGV[3], ARGV[4], 'WITHSCORES')
