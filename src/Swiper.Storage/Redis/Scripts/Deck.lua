-- ARGV: uid, group, the most superlikers, the most swiped, how many of more of them. Answers false where the group is untrusted; else
-- the superlikers whom the user has not swiped, oldest first; how many the user has swiped; and all of these, or some if they are more
-- than the most. Uids are one text with commas. All of a set of any size would hold up everybody else.

local prefix, most, most_swiped, some = prefix_of(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
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
local count, members = redis.call('SCARD', swiped), {}
if count <= most_swiped then
    members = redis.call('SMEMBERS', swiped)
elseif some > 0 then
    members = redis.call('SRANDMEMBER', swiped, some)
end
return { table.concat(superlikers, ','), count, table.concat(members, ',') }
