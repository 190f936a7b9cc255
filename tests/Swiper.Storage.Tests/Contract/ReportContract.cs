using Swiper.Core.Accounts;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IReportRepository"/> promises, and that decks do not show whom it takes out.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class ReportContract(ClusterServers servers) : EngineContract(servers)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // Long before midnight.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2043, 7, 15, 1, 0, 0, TimeSpan.Zero));

    protected override TimeProvider Clock => _clock;

    [Theory, OnEveryEngine]
    public async Task Three_reporters_take_somebody_out_of_decks_until_staff_decide_also_for_a_new_engine(EngineKind engine)
    {
        await StartAsync(engine);
        var (me, reported, other) = (await NewManAsync(), await NewManAsync(), await NewManAsync());
        await SwipeAsync(me.Uid, other.Uid);
        var reporters = await NewPeopleAsync(3);
        await SwipeAsync(reported.Uid, me.Uid, SwipeKind.Superlike);
        // One of them three times over is one of them.
        for (var i = 0; i < 3; i++)
        {
            await ReportAsync(reporters[0], reported.Uid);
            await ReportAsync(reporters[1], reported.Uid);
        }

        Assert.Equal([reported.Uid], await DeckAsync(me));
        await ReportAsync(reporters[2], reported.Uid);
        Assert.Empty(await DeckAsync(me));
        // Neither a changed profile nor a restart brings anybody back, and who is out has decks of their own.
        Assert.True((await Engine.Accounts.UpdateAsync(reported.Uid, new ProfileChange { Nickname = "Another" }, Now)).IsOk);
        Assert.Empty(await DeckAsync(me));
        Assert.Equal([other.Uid], await DeckAsync(reported));
        await ReopenAsync();
        Assert.Empty(await DeckAsync(me));

        Assert.True(await Engine.Reports.DecideAsync(reported.Uid, ReportDecision.Clear, Now));
        Assert.Equal([reported.Uid], await DeckAsync(me));
        // The old reports do not count any more.
        await ReportAsync(reporters[0], reported.Uid);
        await ReportAsync(reporters[1], reported.Uid);
        Assert.Equal([reported.Uid], await DeckAsync(me));
        await ReportAsync(reporters[2], reported.Uid);
        Assert.Empty(await DeckAsync(me));
    }

    [Theory, OnEveryEngine]
    public async Task Whoever_staff_remove_stays_out_until_they_clear_them(EngineKind engine)
    {
        await StartAsync(engine);
        var (me, reported) = (await NewManAsync(), await NewManAsync());
        Assert.False(await Engine.Reports.DecideAsync(reported.Uid, ReportDecision.Remove, Now));
        Assert.Equal([reported.Uid], await DeckAsync(me));
        await ReportAsync(me.Uid, reported.Uid);
        Assert.True(await Engine.Reports.DecideAsync(reported.Uid, ReportDecision.Remove, Now));
        Assert.True(await Engine.Reports.DecideAsync(reported.Uid, ReportDecision.Remove, Now));
        Assert.Empty(await DeckAsync(me));
        await ReopenAsync();
        Assert.Empty(await DeckAsync(me));

        // What comes later is listed and changes nothing.
        await ReportAsync(me.Uid, reported.Uid);
        Assert.Equal(DeckStanding.Removed, Assert.Single(await Engine.Reports.ReadUndecidedAsync(100)).Standing);
        Assert.True(await Engine.Reports.DecideAsync(reported.Uid, ReportDecision.Clear, Now));
        Assert.Equal([reported.Uid], await DeckAsync(me));
        await ReopenAsync();
        Assert.Equal([reported.Uid], await DeckAsync(me));
    }

    [Theory, OnEveryEngine(-1, true), OnEveryEngine(0, false)]
    public async Task Reports_count_together_for_less_than_a_day(EngineKind engine, int msBeyondADay, bool isOut)
    {
        await StartAsync(engine);
        var (me, reported) = (await NewManAsync(), await NewManAsync());
        var reporters = await NewPeopleAsync(4);
        await ReportAsync(reporters[0], reported.Uid);
        _clock.Advance(TimeSpan.FromHours(1));
        await ReportAsync(reporters[1], reported.Uid);
        _clock.Advance(Day - TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(msBeyondADay));
        await ReportAsync(reporters[2], reported.Uid);
        Assert.Equal(isOut, (await DeckAsync(me)).Length == 0);

        // Whoever reports again counts from then on.
        await ReportAsync(reporters[0], reported.Uid);
        Assert.Empty(await DeckAsync(me));
    }

    [Theory, OnEveryEngine]
    public async Task A_reporter_has_one_report_of_a_user_until_staff_decide_whatever_was_said_last(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        var first = await ReportAsync(people[0], people[1], ReportReason.Spam, "links");
        _clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(first, await ReportAsync(people[0], people[1], ReportReason.Underage));
        var waiting = Assert.Single(await Engine.Reports.ReadUndecidedAsync(100));
        Assert.Equal(
            (people[1], DeckStanding.Shown, Now - (long)TimeSpan.FromHours(5).TotalMilliseconds, 1),
            (waiting.Uid, waiting.Standing, waiting.Since, waiting.Reporters));
        Assert.Equal([new UserReport(first, people[0], ReportReason.Underage, null, Now)], waiting.Reports);

        await Engine.Reports.DecideAsync(people[1], ReportDecision.Clear, Now);
        Assert.Empty(await Engine.Reports.ReadUndecidedAsync(100));
        var second = await ReportAsync(people[0], people[1], ReportReason.Other, "Zoë 🌊");
        Assert.NotEqual(first, second);
        waiting = Assert.Single(await Engine.Reports.ReadUndecidedAsync(100));
        Assert.Equal(Now, waiting.Since);
        Assert.Equal([new UserReport(second, people[0], ReportReason.Other, "Zoë 🌊", Now)], waiting.Reports);
    }

    [Theory, OnEveryEngine]
    public async Task Those_who_have_waited_longest_come_first_with_their_newest_reports(EngineKind engine)
    {
        await StartAsync(engine);
        const int Reporters = ReportedUser.MostReports + 1;
        var reported = await NewPeopleAsync(6);
        var reporters = await NewPeopleAsync(Reporters);
        var start = Now;
        foreach (var uid in reported)
        {
            await ReportAsync(reporters[0], uid, ReportReason.Fake, $"about {uid}");
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var longest = new string('x', ReportRules.MaxTextBytes);
        for (var i = 1; i < Reporters; i++)
        {
            await ReportAsync(reporters[i], reported[0], ReportReason.Offensive, longest);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var waiting = await Engine.Reports.ReadUndecidedAsync(6);
        Assert.Equal(reported, waiting.Select(user => user.Uid));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => start + i), waiting.Select(user => user.Since));
        Assert.Equal([Reporters, 1, 1, 1, 1, 1], waiting.Select(user => user.Reporters));
        Assert.Equal(reporters[1..].Reverse(), waiting[0].Reports.Select(report => report.Reporter));
        Assert.All(waiting[0].Reports, report => Assert.Equal(longest, report.Text));
        Assert.Equal(DeckStanding.Reported, waiting[0].Standing);
        Assert.Equal($"about {reported[5]}", Assert.Single(waiting[5].Reports).Text);
        Assert.Equal(reported[..2], (await Engine.Reports.ReadUndecidedAsync(2)).Select(user => user.Uid));

        await Engine.Reports.DecideAsync(reported[0], ReportDecision.Remove, Now);
        await ReopenAsync();
        Assert.Equal(reported[1..], (await Engine.Reports.ReadUndecidedAsync(6)).Select(user => user.Uid));
    }

    [Theory, OnEveryEngine]
    public async Task Reports_of_the_same_instant_all_count_once(EngineKind engine)
    {
        await StartAsync(engine);
        const int Pairs = 10;
        var me = await NewManAsync();
        var reported = await Task.WhenAll(Enumerable.Range(0, Pairs).Select(_ => NewManAsync()));
        var reporters = await NewPeopleAsync(3);
        // Two of three, each several times at once: nobody is out.
        await AllReportAsync(reporters[..2]);
        Assert.Equal(Pairs, (await DeckAsync(me)).Length);
        await AllReportAsync(reporters);
        Assert.Empty(await DeckAsync(me));
        Assert.All(await Engine.Reports.ReadUndecidedAsync(100), user => Assert.Equal((3, 3), (user.Reporters, user.Reports.Count)));

        async Task AllReportAsync(long[] some)
        {
            var ids = await Task.WhenAll(reported.SelectMany(user => some.SelectMany(reporter => Enumerable.Range(0, 4)
                .Select(_ => Task.Run(async () => (user.Uid, reporter, Id: await ReportAsync(reporter, user.Uid)))))));
            Assert.All(ids.GroupBy(one => (one.Uid, one.reporter)), one => Assert.Single(one.Select(report => report.Id).Distinct()));
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_user_reports_so_many_others_a_day_and_again_those_who_were(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(ReportRules.MostADay + 2);
        var (me, others) = (people[0], people[1..]);
        foreach (var other in others[..ReportRules.MostADay])
            await ReportAsync(me, other);
        var tooMany = await Engine.Reports.ReportAsync(me, others[^1], ReportReason.Spam, null, Now);
        AssertFailed(StatusCode.Throttled, tooMany);
        Assert.Equal(TimeSpan.FromHours(23), tooMany.Failure.RetryAfter);
        await ReopenAsync();
        AssertFailed(StatusCode.Throttled, await Engine.Reports.ReportAsync(me, others[^1], ReportReason.Spam, null, Now));
        await ReportAsync(me, others[0]);
        await ReportAsync(others[0], others[^1]);

        _clock.Advance(TimeSpan.FromHours(23) - TimeSpan.FromMilliseconds(1));
        AssertFailed(StatusCode.Throttled, await Engine.Reports.ReportAsync(me, others[^1], ReportReason.Spam, null, Now));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await ReportAsync(me, others[^1]);
    }

    private async Task<long> ReportAsync(long reporter, long uid, ReportReason reason = ReportReason.Spam, string? text = null)
    {
        var outcome = await Engine.Reports.ReportAsync(reporter, uid, reason, text, Now).ConfigureAwait(false);
        // The lane's thread must not wait for a test.
        await Task.Yield();
        Assert.True(outcome.IsOk, outcome.Failure.Message);
        return outcome.Value;
    }

    // Everybody else is a woman: they are only on each other's decks.
    private Task<Profile> NewManAsync() => NewPersonAsync(profile => profile with
    {
        Sex = Sex.Male,
        DatingSex = Sex.Male,
        Birthday = WireTime.Day(Now).AddYears(-30),
    });

    private async Task<long[]> DeckAsync(Profile profile) =>
        [.. (await Engine.Decks.DrawAsync(profile, 100, WireTime.Day(Now))).People.Select(person => person.Uid)];
}
