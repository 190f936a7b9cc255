using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;
using Swiper.Storage.Accounts;
using Swiper.Storage.Records;

namespace Swiper.Storage.Vip;

/// <summary>
/// VIP levels: who has one is two columns of the user, what they are a table on the first shard. Every host holds both in memory, because
/// every request that needs a permission asks.
/// </summary>
internal sealed class VipRepository : IVipRepository, IDisposable
{
    // No user has this uid.
    private const long TheTable = 0;

    private readonly IRecords _records;
    private readonly AccountRepository _accounts;
    private readonly TimeProvider _clock;
    private readonly Mirror<long> _mirror;
    private readonly ConcurrentDictionary<long, VipStatus> _users = new();
    private readonly Lock _changingLevels = new();
    private readonly string _putLevel;
    private volatile VipLevels _levels = new([]);

    public VipRepository(IRecords records, AccountRepository accounts, TimeProvider clock, ILogger logger)
    {
        (_records, _accounts, _clock) = (records, accounts, clock);
        _mirror = new(key => key == TheTable ? ReadLevelsAsync() : ReadUserAsync(key), clock, logger);
        _putLevel = records.Sql.Upsert("vip_levels", VipLevelRow.Key, VipLevelRow.OtherColumns);
        records.FollowUps.Handle(FollowUpKind.VipEnded, followUp => EndAsync(followUp).AsTask(), inOrder: false, isScheduled: true);
        records.Hear(HostEventKind.VipChanged, happened => _mirror.Hear(happened.Uid));
        records.Hear(HostEventKind.VipLevelsChanged, _ => _mirror.Hear(TheTable));
    }

    public VipLevels Levels => _levels;

    private long FirstShard => _records.ShardKeys[0];

    /// <summary>Reads everything into memory, at start; on the cluster after this host has begun to hear of changes.</summary>
    public Task LoadAsync() => _mirror.LoadAsync(async () =>
    {
        (await ReadLevelsAsync().ConfigureAwait(false))();
        foreach (var shard in _records.ShardKeys)
        {
            var users = await _records.ReadAsync(shard, connection => connection.QueryAsync<(long Uid, int Level, long Ends)>(
                "SELECT uid, vip_level, vip_end FROM users WHERE vip_level > 0")).ConfigureAwait(false);
            foreach (var (uid, level, ends) in users)
                Put(uid, new VipStatus(level, ends));
        }
    });

    public void Dispose() => _mirror.Dispose();

    public VipStatus StatusOf(long uid) => _users.GetValueOrDefault(uid);

    public ValueTask<Outcome<VipStatus>> GrantAsync(long uid, int level, int days, long now) =>
        _records.RunAsync<Outcome<VipStatus>>(uid, async session =>
        {
            if (await _accounts.LockAsync(session, uid).ConfigureAwait(false) is not { } profile)
                return AccountRepository.NoSuchUser;
            var granted = StatusIn(profile).Grant(level, days, now);
            if (!granted.IsOk)
                return granted;
            await PutAsync(session, profile, granted.Value, now).ConfigureAwait(false);
            var ends = granted.Value.Ends;
            await session.ScheduleAsync(FollowUpKind.VipEnded, uid, PayloadBytes.Of(new End(ends)), ends).ConfigureAwait(false);
            return granted;
        });

    public ValueTask<Outcome<VipStatus>> RevokeAsync(long uid, long now) => _records.RunAsync<Outcome<VipStatus>>(uid, async session =>
    {
        if (await _accounts.LockAsync(session, uid).ConfigureAwait(false) is not { } profile)
            return AccountRepository.NoSuchUser;
        // One that has just ended is told of by its follow-up.
        if (StatusIn(profile).At(now) != VipStatus.None)
            await PutAsync(session, profile, VipStatus.None, now).ConfigureAwait(false);
        return VipStatus.None;
    });

    public ValueTask<Outcome<VipLevel>> ChangeLevelAsync(int level, VipLevelChange change)
    {
        if (level is < 0 or > VipLevel.Highest)
        {
            return ValueTask.FromResult<Outcome<VipLevel>>(
                new Failure(StatusCode.BadParams, $"level: {level} is not between 0 and {VipLevel.Highest}"));
        }

        return _records.RunAsync<Outcome<VipLevel>>(FirstShard, async session =>
        {
            var row = await session.FindAsync<VipLevelRow>(
                $"{VipLevelRow.Select} WHERE level = @level{_records.Sql.ForUpdate}", new { level }).ConfigureAwait(false);
            var changed = change.ApplyTo(row?.ToLevel() ?? new VipLevels([])[level]);
            if (!changed.IsOk)
                return changed;
            await session.ExecuteAsync(_putLevel, VipLevelRow.Of(changed.Value)).ConfigureAwait(false);
            _mirror.Change(session, TheTable, () => ChangeLevels(levels => levels.With(changed.Value)));
            session.Tell(HostEventKind.VipLevelsChanged, TheTable);
            return changed;
        });
    }

    // A level that was renewed or replaced meanwhile has another end, which has a follow-up of its own.
    private ValueTask EndAsync(FollowUp followUp)
    {
        var (ends, uid) = (PayloadBytes.Read<End>(followUp.Payload).At, followUp.Uid);
        return _records.RunAsync(uid, async session =>
        {
            if (await _accounts.LockAsync(session, uid).ConfigureAwait(false) is { } profile && StatusIn(profile).Ends == ends)
                await PutAsync(session, profile, VipStatus.None, ends).ConfigureAwait(false);
        });
    }

    /// <summary>Writes and shows a user's new status, and pushes it.</summary>
    private async Task PutAsync(RecordSession session, Profile profile, VipStatus status, long at)
    {
        var uid = profile.Uid;
        await _accounts.PutAsync(session, profile with { VipLevel = status.Level, VipEnd = status.Ends }).ConfigureAwait(false);
        // Level and end, both of which tell one push of the same instant from another.
        var subject = status.Ends * (VipLevel.Highest + 1) + status.Level;
        await session.PushAsync(uid, Opcode.Vip, subject, at, PayloadBytes.Of(new VipPush(status.Level, status.Ends)))
            .ConfigureAwait(false);
        _mirror.Change(session, uid, () => Put(uid, status));
        session.Tell(HostEventKind.VipChanged, uid);
    }

    private static VipStatus StatusIn(Profile profile) =>
        profile.VipLevel > 0 ? new VipStatus(profile.VipLevel, profile.VipEnd) : VipStatus.None;

    private void Put(long uid, VipStatus status)
    {
        if (status.Level <= 0 || status.At(_clock.NowMs()) == VipStatus.None)
            _users.TryRemove(uid, out _);
        else
            // Nobody has a higher one, unless the row was written by another program.
            _users[uid] = status with { Level = Math.Min(status.Level, VipLevel.Highest) };
    }

    private async Task<Action> ReadUserAsync(long uid)
    {
        var (level, ends) = await _records.ReadAsync(uid, connection => connection.QueryFirstOrDefaultAsync<(int, long)>(
            "SELECT vip_level, vip_end FROM users WHERE uid = @uid", new { uid })).ConfigureAwait(false);
        return () => Put(uid, new VipStatus(level, ends));
    }

    private async Task<Action> ReadLevelsAsync()
    {
        var rows = await _records.ReadAsync(FirstShard, connection => connection.QueryAsync<VipLevelRow>(VipLevelRow.Select))
            .ConfigureAwait(false);
        var read = new VipLevels([.. rows.Where(row => row.Level is >= 0 and <= VipLevel.Highest).Select(row => row.ToLevel())]);
        return () => ChangeLevels(_ => read);
    }

    private void ChangeLevels(Func<VipLevels, VipLevels> change)
    {
        lock (_changingLevels)
            _levels = change(_levels);
    }

    /// <summary>The payload of <see cref="FollowUpKind.VipEnded"/>: the end that the level had.</summary>
    private readonly record struct End(long At) : IPayload<End>
    {
        public static End Read(scoped ref FieldReader fields) => new(fields.Int64("at"));

        public void Write(ref MessagePackWriter writer)
        {
            writer.WriteArrayHeader(1);
            writer.WriteInt64(At);
        }
    }
}
