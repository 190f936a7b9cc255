-- ARGV: uid, group, the most likers, and where the last page ended: ms or '+inf', uid or ''. Answers false where the group is untrusted;
-- else likers whom the user has not swiped, newest first, each as uid, 1 for a superlike, ms.

local prefix, most, last_at, last_uid = prefix_of(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
if not is_trusted(prefix, run_id()) then
    return false
end
local user = prefix .. 'u:' .. ARGV[1] .. ':'
local likers, times, done, at = {}, {}, {}, 0
while #likers < most do
    local page = redis.call('ZREVRANGEBYSCORE', user .. 'liked_by', last_at, '-inf', 'WITHSCORES', 'LIMIT', at, most + 1)
    if #page == 0 then
        break
    end
    at = at + #page / 2
    local uids = {}
    for i = 1, #page, 2 do
        uids[#uids + 1] = page[i]
    end
    for i, is_swiped in ipairs(redis.call('SMISMEMBER', user .. 'swiped', unpack(uids))) do
        local uid, when = uids[i], page[2 * i]
        -- Likers of the same ms come in falling order of their text; those up to the last one were on the page before.
        local is_past = when ~= last_at or uid < last_uid
        if is_swiped == 1 then
            done[#done + 1] = uid
        elseif is_past and #likers < most then
            likers[#likers + 1] = uid
            times[#times + 1] = when
        end
    end
end
for _, uid in ipairs(done) do
    redis.call('ZREM', user .. 'liked_by', uid)
end
if #likers == 0 then
    return {}
end
local answer = {}
for i, superlike in ipairs(redis.call('ZMSCORE', user .. 'queue', unpack(likers))) do
    answer[3 * i - 2] = likers[i]
    answer[3 * i - 1] = superlike and 1 or 0
    answer[3 * i] = times[i]
end
return answer
