-- ARGV: uid, group, the most superlikers. Answers false where the group is untrusted; else the superlikers whom the user has not swiped,
-- oldest first, and all whom the user has swiped, each as text with commas.

local prefix, most = prefix_of(ARGV[2]), tonumber(ARGV[3])
if not is_trusted(prefix, run_id()) then
    return false
end
local user = prefix .. 'u:' .. ARGV[1] .. ':'
local queue, swiped = user .. 'queue', user .. 'swiped'
local superlikers, done, at = {}, {}, 0
while #superlikers < most do
    local page = redis.call('ZRANGE', queue, at, at + most - 1)
    if #page == 0 then
        break
    end
    at = at + #page
    for i, is_swiped in ipairs(redis.call('SMISMEMBER', swiped, unpack(page))) do
        if is_swiped == 1 then
            done[#done + 1] = page[i]
        elseif #superlikers < most then
            superlikers[#superlikers + 1] = page[i]
        end
    end
end
-- Swipes do not clean up behind them, so whoever looks does.
for _, uid in ipairs(done) do
    redis.call('ZREM', queue, uid)
end
return { table.concat(superlikers, ','), table.concat(redis.call('SMEMBERS', swiped), ',') }
