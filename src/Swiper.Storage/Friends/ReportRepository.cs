using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Logging;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;

namespace Swiper.Storage.Friends;

/// <summary>
/// Reports in the shard of the reported user, with one row of `reported` that is locked while they are counted, and whom somebody has
/// reported today in the shard of the reporter. Every host holds in memory whom decks do not show.
/// </summary>
internal sealed class ReportRepository : IReportRepository, IDisposable
{
    private readonly IRecords _records;
    private readonly PeopleDirectory _people;
    private readonly Mirror<long> _mirror;
    private readonly string _lockReported;
    private readonly string _lockQuota;

    public ReportRepository(IRecords records, PeopleDirectory people, TimeProvider clock, ILogger logger)
    {
        (_records, _people) = (records, people);
        _lockReported = records.Sql.InsertIfAbsent("reported", "uid", "standing", "since");
        _lockQuota = records.Sql.InsertIfAbsent("report_quotas", "uid", "day", "reported");
        // Rather show somebody too late than somebody who was taken out, until the shard is back.
        _mirror = new(ReadStandingAsync, clock, logger, uid => people.PutOut(uid, isOut: true));
        records.Hear(HostEventKind.StandingChanged, happened => _mirror.Hear(happened.Uid));
    }

    /// <summary>Reads whom decks do not show, at start; on the cluster after this host has begun to hear of changes.</summary>
    public Task LoadAsync() => _mirror.LoadAsync(async () =>
    {
        foreach (var shard in _records.ShardKeys)
        {
            var uids = await _records.ReadAsync(shard, connection =>
                connection.QueryAsync<long>("SELECT uid FROM reported WHERE standing <> 0")).ConfigureAwait(false);
            foreach (var uid in uids)
                _people.PutOut(uid, isOut: true);
        }
    });

    /// <summary>Gives up on readings of a shard that is away.</summary>
    public void Dispose() => _mirror.Dispose();

    public async ValueTask<Outcome<long>> ReportAsync(long reporter, long uid, ReportReason reason, string? text, long now)
    {
        if (await CountAsync(reporter, uid, now).ConfigureAwait(false) is { Code: not StatusCode.Ok } tooMany)
            return tooMany;
        var report = new Row { Uid = uid, Id = NewId(), Reporter = reporter, Reason = (int)reason, Text = text, At = now };
        return await _records.RunAsync(uid, session => KeepAsync(session, report)).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<ReportedUser>> ReadUndecidedAsync(int limit)
    {
        var waiting = new List<(long Uid, int Standing, long Since)>();
        foreach (var shard in _records.ShardKeys)
        {
            waiting.AddRange(await _records.ReadAsync(shard, connection => connection.QueryAsync<(long Uid, int Standing, long Since)>(
                "SELECT uid, standing, since FROM reported WHERE since > 0 ORDER BY since, uid LIMIT @limit", new { limit }))
                .ConfigureAwait(false));
        }

        var users = new List<ReportedUser>();
        foreach (var (uid, standing, since) in waiting.OrderBy(user => (user.Since, user.Uid)).Take(limit))
        {
            var (reporters, rows) = await _records.ReadAsync(uid, async connection => (
                await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM reports WHERE uid = @uid AND decided = 0", new { uid })
                    .ConfigureAwait(false),
                await connection.QueryAsync<Row>(
                    $"""
                    SELECT uid, id, reporter, reason, text, at FROM reports WHERE uid = @uid AND decided = 0
                    ORDER BY at DESC, id DESC LIMIT {ReportedUser.MostReports}
                    """,
                    new { uid }).ConfigureAwait(false))).ConfigureAwait(false);
            // Staff may have decided in between.
            if (reporters > 0)
                users.Add(new ReportedUser(uid, (DeckStanding)standing, since, reporters, [.. rows.Select(row => row.ToReport())]));
        }

        return users;
    }

    public ValueTask<bool> DecideAsync(long uid, ReportDecision decision, long now) => _records.RunAsync(uid, async session =>
    {
        var found = await session.FindAsync<int?>(
            "SELECT standing FROM reported WHERE uid = @uid" + _records.Sql.ForUpdate, new { uid }).ConfigureAwait(false);
        if (found is null)
            return false;
        await session.ExecuteAsync("UPDATE reports SET decided = @now WHERE uid = @uid AND decided = 0", new { uid, now })
            .ConfigureAwait(false);
        await session.ExecuteAsync(
            "UPDATE reported SET standing = @standing, since = 0 WHERE uid = @uid", new { uid, standing = (int)decision })
            .ConfigureAwait(false);
        Show(session, uid, isOut: decision != ReportDecision.Clear);
        return true;
    });

    // Not a uid: nothing would keep this host, when its clock was set back, from making one that is taken.
    private static long NewId() => BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;

    private ValueTask<Failure> CountAsync(long reporter, long uid, long now) => _records.RunAsync(reporter, async session =>
    {
        await session.ExecuteAsync(_lockQuota, new { Uid = reporter, Day = 0, Reported = "" }).ConfigureAwait(false);
        var (day, reported) = await session.FindAsync<(long, string)>(
            "SELECT day, reported FROM report_quotas WHERE uid = @reporter" + _records.Sql.ForUpdate, new { reporter })
            .ConfigureAwait(false);
        var counted = ReportRules.Count(new ReportsOfDay(day, UidsOf(reported)), uid, now);
        if (!counted.IsOk)
            return counted.Failure;
        await session.ExecuteAsync(
            "UPDATE report_quotas SET day = @Day, reported = @Reported WHERE uid = @Uid",
            new { counted.Value.Day, Reported = string.Join(',', counted.Value.Uids), Uid = reporter }).ConfigureAwait(false);
        return default;
    });

    private static long[] UidsOf(string reported) =>
        reported.Length == 0 ? [] : Array.ConvertAll(reported.Split(','), uid => long.Parse(uid, CultureInfo.InvariantCulture));

    private async Task<Outcome<long>> KeepAsync(RecordSession session, Row report)
    {
        // Locks the reported user's reports, so that of those who report at the same instant on several hosts one is the third.
        await session.ExecuteAsync(_lockReported, new { report.Uid, Standing = 0, Since = 0 }).ConfigureAwait(false);
        var (standing, since) = await session.FindAsync<(int, long)>(
            "SELECT standing, since FROM reported WHERE uid = @Uid" + _records.Sql.ForUpdate, report).ConfigureAwait(false);
        var known = await session.FindAsync<long?>(
            "SELECT id FROM reports WHERE uid = @Uid AND reporter = @Reporter AND decided = 0", report).ConfigureAwait(false);
        if (known is { } id)
        {
            report = report with { Id = id };
            await session.ExecuteAsync("UPDATE reports SET reason = @Reason, text = @Text, at = @At WHERE uid = @Uid AND id = @Id", report)
                .ConfigureAwait(false);
        }
        else
        {
            await session.ExecuteAsync(
                """
                INSERT INTO reports (uid, id, reporter, reason, text, at, decided) VALUES (@Uid, @Id, @Reporter, @Reason, @Text, @At, 0)
                """,
                report).ConfigureAwait(false);
        }

        if (since == 0)
            await session.ExecuteAsync("UPDATE reported SET since = @At WHERE uid = @Uid", report).ConfigureAwait(false);
        if (standing == (int)DeckStanding.Shown)
            await TakeOutAsync(session, report.Uid, report.At).ConfigureAwait(false);
        return report.Id;
    }

    /// <summary>Takes a user out of decks if enough others have reported them.</summary>
    private async Task TakeOutAsync(RecordSession session, long uid, long now)
    {
        var reporters = await session.FindAsync<int>(
            $"""
            SELECT COUNT(*) FROM
                (SELECT 1 FROM reports WHERE uid = @uid AND decided = 0 AND at > @from LIMIT {ReportRules.Reporters}) recent
            """,
            new { uid, from = now - ReportRules.CountsMs }).ConfigureAwait(false);
        if (reporters < ReportRules.Reporters)
            return;
        await session.ExecuteAsync(
            "UPDATE reported SET standing = @standing WHERE uid = @uid", new { uid, standing = (int)DeckStanding.Reported })
            .ConfigureAwait(false);
        Show(session, uid, isOut: true);
    }

    private void Show(RecordSession session, long uid, bool isOut)
    {
        _mirror.Change(session, uid, () => _people.PutOut(uid, isOut));
        session.Tell(HostEventKind.StandingChanged, uid);
    }

    private async Task<Action> ReadStandingAsync(long uid)
    {
        var isOut = await _records.ReadAsync(uid, connection => connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM reported WHERE uid = @uid AND standing <> 0)", new { uid })).ConfigureAwait(false);
        return () => _people.PutOut(uid, isOut);
    }

    private sealed record Row
    {
        public long Uid { get; init; }

        public long Id { get; init; }

        public long Reporter { get; init; }

        public int Reason { get; init; }

        public string? Text { get; init; }

        public long At { get; init; }

        public UserReport ToReport() => new(Id, Reporter, (ReportReason)Reason, Text, At);
    }
}
