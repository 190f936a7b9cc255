using StackExchange.Redis;

namespace Swiper.Storage.Redis.Repair;

/// <summary>
/// The rebuild of one group, from <see cref="IndexRepair.BeginAsync"/> on:
/// 1. batches for the group are deferred, and it is untrusted;
/// 2. take a snapshot of the truth and of each lane's last batch in it, begun after step 1;
/// 3. write every user of the group;
/// 4. finish, with the snapshot's marks: deferred batches that are not in the snapshot are applied, and the group is trusted.
/// A rebuild whose token expires between two calls, or whose group becomes untrusted again, is refused and must begin again.
/// </summary>
internal sealed class GroupMending
{
    private const int BatchesACall = 200;

    private readonly RedisCalls _calls;
    private readonly int _group;
    private readonly string _token;
    private readonly long _lasts;
    private readonly RedisKey[] _route;

    internal GroupMending(RedisCalls calls, int group, string token, long lasts)
    {
        _calls = calls;
        _group = group;
        _token = token;
        _lasts = lasts;
        _route = [UserGroups.KeyOf(group)];
    }

    /// <summary>Writes users, or none just to keep the token alive; false: refused, begin again.</summary>
    public async Task<bool> WriteAsync(IEnumerable<MendedUser> users)
    {
        var any = false;
        foreach (var chunk in ChunkPacker.Pack(users))
        {
            any = true;
            if (!await WriteAsync(chunk).ConfigureAwait(false))
                return false;
        }

        return any || await WriteAsync([0x90]).ConfigureAwait(false);
    }

    /// <summary>Makes the group trusted; false: refused, begin again.</summary>
    /// <param name="marks">The last batch in the snapshot of each lane that ever committed one.</param>
    public async Task<bool> FinishAsync(IReadOnlyList<LaneMark> marks)
    {
        RedisValue[] arguments =
            [_group, _token, _lasts, BatchesACall, .. marks.SelectMany(mark => new RedisValue[] { mark.Lane, mark.BatchText })];
        while (true)
        {
            var left = (long)await _calls.EvaluateAsync(RedisScript.MendFinish, _route, arguments).ConfigureAwait(false);
            if (left <= 0)
                return left == 0;
        }
    }

    /// <summary>Gives up, so that another rebuild can begin at once.</summary>
    public Task AbandonAsync() => _calls.EvaluateAsync(RedisScript.MendAbandon, _route, [_group, _token]);

    private async Task<bool> WriteAsync(byte[] chunk) =>
        (long)await _calls.EvaluateAsync(RedisScript.MendChunk, _route, [_group, _token, _lasts, chunk]).ConfigureAwait(false) == 1;
}
