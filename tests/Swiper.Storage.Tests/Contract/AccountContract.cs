using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Accounts;
using Swiper.Storage.Sharding;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IAccountRepository"/> promises.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class AccountContract(ClusterServers servers) : EngineContract(servers)
{
    private const string Code = "123456";
    private const string Wrong = "654321";

    private const long Minute = 60_000;

    // The rules go by the time they are told, but an engine deletes by its clock what has been over for a day.
    private long Start { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private IAccountRepository Accounts => Engine.Accounts;

    [Theory, OnEveryEngine]
    public async Task The_first_login_of_a_phone_makes_its_user_and_later_ones_find_the_same(EngineKind engine)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        var first = await LogInAsync(phone, Start);
        Assert.True(first.Created);
        var profile = (await Accounts.FindAsync(first.Uid))!.Profile;
        Assert.Equal((first.Uid, phone, Start), (profile.Uid, profile.Phone, profile.Created));

        Assert.Equal(new SignIn(first.Uid, Created: false), await LogInAsync(phone, Start + 2 * Minute));
        await ReopenAsync();
        Assert.Equal(new SignIn(first.Uid, Created: false), await LogInAsync(phone, Start + 4 * Minute));
        Assert.Equal(phone, (await Accounts.FindAsync(first.Uid))!.Profile.Phone);
    }

    [Theory, OnEveryEngine]
    public async Task Different_phones_have_different_users(EngineKind engine)
    {
        await StartAsync(engine);
        var logins = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => LogInAsync(NewPhone(), Start)));
        Assert.All(logins, login => Assert.True(login.Created));
        Assert.Distinct(logins.Select(login => login.Uid));
    }

    [Theory, OnEveryEngine]
    public async Task A_code_works_once_and_not_when_it_is_too_old(EngineKind engine)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Code, "nonce", Start));
        var used = await IssueAsync(phone, Start);
        Assert.True((await Accounts.LogInAsync(phone, Code, used.Nonce, Start)).IsOk);
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Code, used.Nonce, Start));
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Code, null, Start));

        var old = await IssueAsync(phone, Start + 2 * Minute);
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Code, old.Nonce, Start + 5 * Minute));
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Code, null, Start + 5 * Minute));
    }

    [Theory, OnEveryEngine]
    public async Task A_code_works_with_its_nonce_or_without_any_and_not_with_another(EngineKind engine)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        var first = await IssueAsync(phone, Start, "111111");
        var second = await IssueAsync(phone, Start + Minute, "222222");
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, "111111", second.Nonce, Start + Minute));
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, "222222", first.Nonce, Start + Minute));
        await ReopenAsync();
        Assert.True((await Accounts.LogInAsync(phone, "222222", null, Start + Minute)).IsOk);
        Assert.True((await Accounts.LogInAsync(phone, "111111", first.Nonce, Start + Minute)).IsOk);
    }

    [Theory, OnEveryEngine]
    public async Task A_second_code_within_a_minute_is_refused_unless_the_first_was_withdrawn(EngineKind engine)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        var unsent = await IssueAsync(phone, Start);
        var refused = await Accounts.IssueCodeAsync(phone, NewCode(Start + Minute - 1));
        Assert.Equal((StatusCode.CodeTooOften, 1), (refused.Code, refused.RetryAfterMs));

        await Accounts.WithdrawCodeAsync(phone, unsent);
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Code, unsent.Nonce, Start));
        var sent = await IssueAsync(phone, Start + 1);
        Assert.True((await Accounts.LogInAsync(phone, Code, sent.Nonce, Start + 2)).IsOk);
        await Accounts.WithdrawCodeAsync(NewPhone(), unsent);
    }

    [Theory, OnEveryEngine]
    public async Task A_code_whose_message_failed_is_no_good_and_another_waits_also_for_a_new_engine(EngineKind engine)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        var failed = await IssueAsync(phone, Start);
        await Accounts.WithdrawCodeAsync(phone, failed, hasFailed: true);
        await ReopenAsync();
        var refused = await Accounts.IssueCodeAsync(phone, NewCode(Start + 1));
        Assert.Equal((StatusCode.CodeTooOften, Minute - 1), (refused.Code, refused.RetryAfterMs));
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Code, failed.Nonce, Start));
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Code, null, Start));
        var sent = await IssueAsync(phone, Start + Minute);
        Assert.True((await Accounts.LogInAsync(phone, Code, sent.Nonce, Start + Minute)).IsOk);
    }

    [Theory, OnEveryEngine]
    public async Task Messages_are_counted_a_phone_also_by_a_new_engine_and_where_they_were_used(EngineKind engine)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        for (var message = 0; message < 4; message++)
            await LogInAsync(phone, Start + message);
        await ReopenAsync();
        await LogInAsync(phone, Start + 4);

        var refused = await Accounts.IssueCodeAsync(phone, NewCode(Start + Minute));
        Assert.Equal((StatusCode.CodeTooOften, 59 * Minute), (refused.Code, refused.RetryAfterMs));
        await LogInAsync(NewPhone(), Start + Minute);
        await LogInAsync(phone, Start + 60 * Minute);
    }

    [Theory, OnEveryEngine]
    public async Task Requests_at_the_same_instant_send_one_message(EngineKind engine)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        var asked = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Accounts.IssueCodeAsync(phone, NewCode(Start)).AsTask()));
        Assert.Single(asked, failure => failure.Code == StatusCode.Ok);
        Assert.Equal(19, asked.Count(failure => failure is { Code: StatusCode.CodeTooOften, RetryAfterMs: 60_000 }));
    }

    [Theory, OnEveryEngine]
    public async Task Five_wrong_codes_of_a_device_end_its_code_also_for_a_new_engine(EngineKind engine)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        var sent = await IssueAsync(phone, Start);
        for (var attempt = 1; attempt < CodeRules.MaxTries; attempt++)
            AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Wrong, sent.Nonce, Start));
        await ReopenAsync();
        AssertFailed(StatusCode.LockedOut, await Accounts.LogInAsync(phone, Wrong, sent.Nonce, Start));
        AssertFailed(StatusCode.LockedOut, await Accounts.LogInAsync(phone, Code, sent.Nonce, Start));
        AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Code, null, Start));
        Assert.True((await LogInAsync(phone, Start + Minute)).Created);
    }

    [Theory, OnEveryEngine]
    public async Task Five_wrong_codes_without_a_nonce_lock_out_all_who_have_none_for_ten_minutes_also_for_a_new_engine(EngineKind engine)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        var owners = await IssueAsync(phone, Start);
        for (var attempt = 1; attempt < CodeRules.MaxTries; attempt++)
            AssertFailed(StatusCode.BadCode, await Accounts.LogInAsync(phone, Wrong, null, Start));
        AssertFailed(StatusCode.LockedOut, await Accounts.LogInAsync(phone, Wrong, null, Start));
        AssertFailed(StatusCode.LockedOut, await Accounts.LogInAsync(phone, Code, null, Start + 1));
        await ReopenAsync();
        Assert.True((await Accounts.LogInAsync(phone, Code, owners.Nonce, Start + 2 * Minute)).IsOk);
        await IssueAsync(phone, Start + 9 * Minute);
        AssertFailed(StatusCode.LockedOut, await Accounts.LogInAsync(phone, Code, null, Start + 10 * Minute - 1));
        Assert.True((await Accounts.LogInAsync(phone, Code, null, Start + 10 * Minute)).IsOk);
    }

    [Theory]
    [OnEveryEngine(true)]
    [OnEveryEngine(false)]
    public async Task Guesses_made_at_the_same_instant_all_count(EngineKind engine, bool withNonce)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        var sent = await IssueAsync(phone, Start);
        var nonce = withNonce ? sent.Nonce : null;

        var guesses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Accounts.LogInAsync(phone, Wrong, nonce, Start).AsTask()));

        Assert.Equal(CodeRules.MaxTries - 1, guesses.Count(guess => guess.Failure.Code == StatusCode.BadCode));
        Assert.Equal(40 - CodeRules.MaxTries + 1, guesses.Count(guess => guess.Failure.Code == StatusCode.LockedOut));
        AssertFailed(StatusCode.LockedOut, await Accounts.LogInAsync(phone, Code, nonce, Start));
    }

    [Theory]
    [OnEveryEngine(true)]
    [OnEveryEngine(false)]
    public async Task A_code_used_at_the_same_instant_works_once(EngineKind engine, bool withNonce)
    {
        await StartAsync(engine);
        var phone = NewPhone();
        var sent = await IssueAsync(phone, Start);
        var logins = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(number => Accounts.LogInAsync(phone, Code, withNonce || number % 2 == 0 ? sent.Nonce : null, Start).AsTask()));
        Assert.Single(logins, login => login is { IsOk: true, Value.Created: true });
    }

    [Theory, OnEveryEngine]
    public async Task A_clock_that_jumped_ahead_and_was_put_right_keeps_nobody_waiting_for_longer_than_a_rule_says(EngineKind engine)
    {
        await StartAsync(engine);
        const long Ahead = 12 * 60 * Minute;
        var phone = NewPhone();
        await IssueAsync(phone, Start + Ahead);
        for (var attempt = 0; attempt < CodeRules.MaxTries; attempt++)
            await Accounts.LogInAsync(phone, Wrong, null, Start + Ahead);

        await ReopenAsync();
        AssertFailed(StatusCode.LockedOut, await Accounts.LogInAsync(phone, Code, null, Start));
        Assert.Equal(Minute, (await Accounts.IssueCodeAsync(phone, NewCode(Start))).RetryAfterMs);
        await IssueAsync(phone, Start + 9 * Minute);
        AssertFailed(StatusCode.LockedOut, await Accounts.LogInAsync(phone, Code, null, Start + 10 * Minute - 1));
        Assert.True((await Accounts.LogInAsync(phone, Code, null, Start + 10 * Minute)).IsOk);
    }

    [Theory, OnEveryEngine]
    public async Task A_tool_can_make_no_user_whose_phone_or_uid_is_taken(EngineKind engine)
    {
        await StartAsync(engine);
        var known = await NewPersonAsync();
        var login = await LogInAsync(NewPhone(), Start);
        var loggedIn = (await Accounts.FindAsync(login.Uid))!.Profile;

        Assert.False(await Engine.CreateUserAsync(known with { Uid = Engine.NewUid() }));
        Assert.False(await Engine.CreateUserAsync(loggedIn with { Uid = Engine.NewUid() }));
        Assert.False(await Engine.CreateUserAsync(known with { Phone = NewPhone(), Nickname = "somebody else" }));
        Assert.Equal(known.Nickname, (await Accounts.FindAsync(known.Uid))!.Profile.Nickname);
        Assert.Equal(new SignIn(known.Uid, Created: false), await LogInAsync(known.Phone, Start));
    }

    [Theory, OnEveryEngine]
    public async Task Everything_of_a_profile_is_kept(EngineKind engine)
    {
        await StartAsync(engine);
        var made = await NewPersonAsync(profile => profile with
        {
            Nickname = "Zoë 🦊 O'Neil \"z\"; --",
            Sex = Sex.Male,
            Birthday = new DateOnly(2000, 2, 29),
            Location = "Łódź 🇵🇱",
            Place = new Place(-51.7592481, 179.4560123),
            Avatars = ["https://example.com/ä.jpg?a='b'&c=\\", "b"],
            VipLevel = 2,
            VipEnd = 1_800_000_000_123,
            DatingSex = Sex.Female,
            DatingLocation = "Kyiv",
            MinDistance = 2,
            MaxDistance = 33,
            MinAge = 21,
            MaxAge = 44,
            OnlyMatched = true,
            Vibration = false,
            AutoPlay = false,
        });
        Same(made, (await Accounts.FindAsync(made.Uid))!.Profile);
        await ReopenAsync();
        Same(made, (await Accounts.FindAsync(made.Uid))!.Profile);

        static void Same(Profile expected, Profile found)
        {
            Assert.Equal(expected.Avatars, found.Avatars);
            Assert.Equal(expected, found with { Avatars = expected.Avatars });
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_change_is_answered_found_and_kept_and_leaves_other_fields_alone(EngineKind engine)
    {
        await StartAsync(engine);
        var person = await NewPersonAsync(profile => profile with { Nickname = "before", Location = "Kyiv" });
        var changed = await Accounts.UpdateAsync(person.Uid, new ProfileChange { Nickname = "after", Lat = 50.45, Lon = 30.5 }, Start);
        Assert.Equal(("after", "Kyiv", new Place(50.45, 30.5)), Shown(changed.Value.Profile));
        Assert.Equal(("after", "Kyiv", new Place(50.45, 30.5)), Shown((await Accounts.FindAsync(person.Uid))!.Profile));
        await ReopenAsync();
        Assert.Equal(("after", "Kyiv", new Place(50.45, 30.5)), Shown((await Accounts.FindAsync(person.Uid))!.Profile));

        static (string, string, Place?) Shown(Profile profile) => (profile.Nickname, profile.Location, profile.Place);
    }

    [Theory, OnEveryEngine]
    public async Task A_place_may_be_removed_and_told_anew(EngineKind engine)
    {
        await StartAsync(engine);
        var person = await NewPersonAsync(profile => profile with { Place = new Place(50.45, 30.5), Location = "Kyiv" });
        await AssertPlaceAsync(new ProfileChange { RemovePlace = true }, null);
        await AssertPlaceAsync(new ProfileChange { RemovePlace = true }, null);
        await AssertPlaceAsync(new ProfileChange { Lat = -1, Lon = 2 }, new Place(-1, 2));

        async Task AssertPlaceAsync(ProfileChange change, Place? expected)
        {
            Assert.Equal(expected, (await Accounts.UpdateAsync(person.Uid, change, Start)).Value.Profile.Place);
            await ReopenAsync();
            var kept = (await Accounts.FindAsync(person.Uid))!.Profile;
            Assert.Equal((expected, "Kyiv"), (kept.Place, kept.Location));
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_profile_that_moves_again_and_again_leaves_nothing_of_the_former_places_in_memory(EngineKind engine)
    {
        await StartAsync(engine);
        var person = await NewPersonAsync(profile => profile with { Location = "Kyiv", Place = new Place(50.45, 30.5) });
        var before = (Everybody.Candidates.Size, Everybody.People.Locations.Count);
        for (var i = 0; i < 500; i++)
        {
            var moved = new ProfileChange
            {
                Location = $"Town {i}", Lat = i * 0.1, Lon = i * 0.2, Birthday = new DateOnly(1950 + i % 50, 1, 1),
            };
            Assert.True((await Accounts.UpdateAsync(person.Uid, moved, Start)).IsOk);
        }

        Assert.Equal(before, (Everybody.Candidates.Size, Everybody.People.Locations.Count));
        Assert.Equal((2, 1), (Everybody.Candidates.Size.Areas, Everybody.People.Locations.Count));
    }

    [Theory, OnEveryEngine]
    public async Task A_change_of_which_one_field_is_wrong_changes_nothing(EngineKind engine)
    {
        await StartAsync(engine);
        var person = await NewPersonAsync();
        var refused = await Accounts.UpdateAsync(person.Uid, new ProfileChange { Nickname = "after", MaxAge = 18, MinAge = 30 }, Start);
        AssertFailed(StatusCode.BadParams, refused);
        Assert.StartsWith("max_age: ", refused.Failure.Message);
        Assert.Equal(person.Nickname, (await Accounts.FindAsync(person.Uid))!.Profile.Nickname);
        AssertFailed(StatusCode.NoSuchUser, await Accounts.UpdateAsync(Engine.NewUid(), new ProfileChange { Nickname = "after" }, Start));
    }

    [Theory, OnEveryEngine]
    public async Task Changes_of_many_made_at_the_same_instant_are_each_made_or_refused(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => NewPersonAsync()));
        var changes = people.SelectMany(person => new (long Uid, ProfileChange Change, StatusCode Expected)[]
        {
            (person.Uid, new() { Nickname = $"name of {person.Uid}" }, StatusCode.Ok),
            (person.Uid, new() { Location = "nowhere", MaxAge = 18, MinAge = 30 }, StatusCode.BadParams),
            (Engine.NewUid(), new() { Nickname = "nobody" }, StatusCode.NoSuchUser),
            (person.Uid, new() { Location = $"home of {person.Uid}" }, StatusCode.Ok),
        }).ToArray();
        var outcomes = await Task.WhenAll(changes.Select(one => Accounts.UpdateAsync(one.Uid, one.Change, Start).AsTask()));

        Assert.Equal(changes.Select(one => one.Expected), outcomes.Select(outcome => outcome.IsOk ? StatusCode.Ok : outcome.Failure.Code));
        await ReopenAsync();
        foreach (var person in people)
        {
            var kept = (await Accounts.FindAsync(person.Uid))!.Profile;
            Assert.Equal(($"name of {person.Uid}", $"home of {person.Uid}"), (kept.Nickname, kept.Location));
        }
    }

    [Theory, OnEveryEngine]
    public async Task Changes_made_at_the_same_instant_lose_nothing(EngineKind engine)
    {
        await StartAsync(engine);
        var person = await NewPersonAsync();
        ProfileChange[] changes =
        [
            new() { Nickname = "Ada" }, new() { Location = "Kyiv" }, new() { DatingLocation = "Lviv" }, new() { Lat = 1, Lon = 2 },
            new() { MaxDistance = 77 }, new() { MaxAge = 66 }, new() { MinAge = 22 }, new() { OnlyMatched = true }, new()
            {
                Vibration = false,
            },
            new() { AutoPlay = false }, new() { Avatars = ["a"] }, new() { Birthday = new DateOnly(2000, 1, 2) },
        ];
        var outcomes =
            await Task.WhenAll(changes.Select(change => Task.Run(() => Accounts.UpdateAsync(person.Uid, change, Start).AsTask())));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsOk));

        var expected = person with
        {
            Nickname = "Ada",
            Location = "Kyiv",
            DatingLocation = "Lviv",
            Place = new Place(1, 2),
            MaxDistance = 77,
            MaxAge = 66,
            MinAge = 22,
            OnlyMatched = true,
            Vibration = false,
            AutoPlay = false,
            Birthday = new DateOnly(2000, 1, 2),
            Avatars = ["a"],
        };
        Assert.Equal(expected, (await Accounts.FindAsync(person.Uid))!.Profile with { Avatars = expected.Avatars });
        await ReopenAsync();
        Assert.Equal(expected, (await Accounts.FindAsync(person.Uid))!.Profile with { Avatars = expected.Avatars });
    }

    [Theory, OnEveryEngine]
    public async Task Nobody_is_found_under_a_uid_that_nobody_has_until_somebody_does(EngineKind engine)
    {
        await StartAsync(engine);
        var uid = Engine.NewUid();
        Assert.Null(await Accounts.FindAsync(uid));
        Assert.Null(await Accounts.FindAsync(uid));
        Assert.Null(await Accounts.FindAsync(-1));
        Assert.Null(await Accounts.FindAsync(0));
        Assert.Null(await Accounts.FindAsync(long.MaxValue));

        await NewPersonAsync(profile => profile with { Uid = uid });
        Assert.Equal(uid, (await Accounts.FindAsync(uid))!.Profile.Uid);
    }

    [Theory, OnEveryEngine]
    public async Task Uids_are_positive_and_no_uid_is_made_twice_by_this_engine_or_the_next(EngineKind engine)
    {
        await StartAsync(engine);
        var uids = Enumerable.Range(0, 1_000).Select(_ => Engine.NewUid()).ToList();
        var newest = await NewPersonAsync();
        uids.Add(newest.Uid);
        await ReopenAsync();
        uids.AddRange(Enumerable.Range(0, 1_000).Select(_ => Engine.NewUid()));
        Assert.Distinct(uids);
        Assert.All(uids, uid => Assert.InRange(uid, 1, long.MaxValue));
    }

    [Theory, OnEveryEngine]
    public async Task A_uid_that_somebody_else_was_given_at_that_moment_signs_nobody_in_and_the_next_code_gets_another(EngineKind engine)
    {
        await StartAsync(engine);
        // In the tables only: by a host from which this one has not heard yet.
        var (other, mine, uid) = (NewPhone(), NewPhone(), Engine.NewUid());
        await Records.RunAsync(uid, session => session.ExecuteAsync(
            Records.Sql.InsertIfAbsent("users", [UserRow.Key, .. UserRow.OtherColumns]), UserRow.Of(Profile.New(uid, other, Start))));
        await ClaimAsync(other);
        await ClaimAsync(mine);

        var code = await IssueAsync(mine, Start);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Accounts.LogInAsync(mine, Code, code.Nonce, Start).AsTask());
        Assert.Equal(0, await CountAsync("devices"));
        var next = await LogInAsync(mine, Start + 2 * Minute);
        Assert.True(next.Created);
        Assert.NotEqual(uid, next.Uid);
        Assert.Equal(new SignIn(uid, Created: false), await LogInAsync(other, Start));
        Assert.Equal(new SignIn(next.Uid, Created: false), await LogInAsync(mine, Start + 4 * Minute));

        Task ClaimAsync(string phone) => Records.RunAsync(PhoneHash.Of(phone), session => session.ExecuteAsync(
            Records.Sql.InsertIfAbsent("phones", "phone", "uid"), new { Phone = phone, Uid = uid })).AsTask();
    }

    private static SentCode NewCode(long now, string code = Code) => CodeRules.NewCode("192.0.2.1", now) with { Code = code };

    private async Task<SentCode> IssueAsync(string phone, long now, string code = Code)
    {
        var fresh = NewCode(now, code);
        Assert.Equal(default, await Accounts.IssueCodeAsync(phone, fresh));
        return fresh;
    }

    private async Task<SignIn> LogInAsync(string phone, long now)
    {
        var sent = await IssueAsync(phone, now);
        var login = await Accounts.LogInAsync(phone, Code, sent.Nonce, now);
        Assert.True(login.IsOk, login.Failure.Message);
        return login.Value;
    }
}
