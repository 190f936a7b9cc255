-- Applies batches to all groups of a server.
-- ARGV, the pieces of one flat array: points of a like, a superlike, a dislike; count of lanes, the lanes; the clock's time, and how far
-- swipes may be ahead of it; then for each group: its number, the count of elements that its batches take, the count of batches, and the
-- batches as Applying.lua says.
-- Answers the groups that are untrusted and nobody mends (as they are), those that live elsewhere (+ 64), and those that failed (+ 128).

local data = cmsgpack.unpack(table.concat(ARGV))
local run = run_id()
local points_of = { data[1], data[2], data[3] }
local lanes = {}
for i = 1, data[4] do
    lanes[i] = data[4 + i]
end

local answer = {}
local clock = { now = data[5 + data[4]], ahead = data[6 + data[4]] }
local at, size = 7 + data[4], #data
while at <= size do
    local group, length, batches = data[at], data[at + 1], data[at + 2]
    local prefix = prefix_of(group)
    at = at + 3
    local trusted, problem = is_trusted(prefix, run)
    if trusted then
        -- A key of a wrong type, say, would stop it half-way: then nothing of the group can be believed.
        local done = pcall(apply_batches, prefix, data, at, batches, lanes, points_of, clock)
        if not done then
            redis.call('DEL', prefix .. 'index')
            answer[#answer + 1] = group + 128
        end
    elseif problem then
        answer[#answer + 1] = group + 64
    elseif redis.call('EXISTS', prefix .. 'mending') == 1 then
        local part = { data[1], data[2], data[3], lanes, batches }
        for i = 0, length - 1 do
            part[6 + i] = data[at + i]
        end
        redis.call('RPUSH', prefix .. 'missed', cmsgpack.pack(part))
    else
        -- What is passed over once must never be trusted again, even if the group moves away and comes back.
        redis.call('DEL', prefix .. 'index')
        answer[#answer + 1] = group
    end
    at = at + length
end
return answer
