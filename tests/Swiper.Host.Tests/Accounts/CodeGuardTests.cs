using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Host.Accounts;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Accounts;

/// <summary>What a host bounds of codes over all phones and addresses, and under what it hashes them.</summary>
public sealed class CodeGuardTests : IDisposable
{
    private const int Messages = 5;
    private const int WrongCodes = 4;

    private readonly FakeTimeProvider _clock = new();
    private readonly RecordedLog<CodeGuard> _log = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CodeGuard _guard;

    public CodeGuardTests() => _guard = New(new() { CodesPerMinute = Messages, WrongCodesPerMinute = WrongCodes });

    public void Dispose()
    {
        _guard.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void What_is_refused_while_single_messages_come_through_is_told_of_once()
    {
        using var guard = New(new() { CodesPerMinute = 6_000 });
        while (guard.TrySend(out _))
        {
        }

        for (var more = 0; more < 5;)
        {
            if (guard.TrySend(out _))
                more++;
        }

        Assert.Equal(3150, Assert.Single(_log.Entries).Id);
    }

    [Fact]
    public void Messages_beyond_the_most_are_refused_counted_and_told_of_once()
    {
        var refused = 0L;
        using var metrics = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>() && instrument.Name == "swiper.codes.refused")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        metrics.SetMeasurementEventCallback<long>((_, value, _, _) => refused += value);
        metrics.Start();
        for (var message = 0; message < Messages; message++)
            Assert.True(_guard.TrySend(out _));
        Assert.Empty(_log.Entries);
        for (var message = 0; message < 10; message++)
        {
            Assert.False(_guard.TrySend(out var retryAfter));
            Assert.InRange(retryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        }

        Assert.Equal(10, refused);
        Assert.Equal(3150, Assert.Single(_log.Entries).Id);
    }

    [Fact]
    public void After_too_many_wrong_codes_those_who_tried_one_wait_and_nobody_else()
    {
        for (var tried = 0; tried < WrongCodes; tried++)
            Assert.True(TryWrong("guesser"));

        Assert.False(_guard.TryBegin("guesser", out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        // A thousand addresses have one guess each, and no second one within the hour.
        for (var address = 0; address < 1_000; address++)
        {
            Assert.True(TryWrong($"address {address}"));
            Assert.False(TryWrong($"address {address}"));
        }

        Assert.True(TryRight("honest"));
        Assert.True(TryRight("honest"));
        Assert.Equal(3151, Assert.Single(_log.Entries).Id);
        _clock.Advance(CodeGuard.SuspectFor);
        Assert.True(TryRight("guesser"));
    }

    [Fact]
    public void Tries_at_the_same_instant_are_as_many_as_those_one_after_the_other()
    {
        Assert.Equal(WrongCodes, BeginAll("guesser"));
        Assert.Empty(_log.Entries);
        // Others have their one guess, and none beside it.
        Assert.Equal(1, BeginAll("another"));
        for (var tried = 0; tried < WrongCodes; tried++)
            _guard.EndTry("guesser", wasWrong: true);
        _guard.EndTry("another", wasWrong: true);
        Assert.Equal(0, BeginAll("guesser"));
        Assert.Equal(0, BeginAll("another"));
        Assert.Equal(3151, Assert.Single(_log.Entries).Id);
    }

    [Fact]
    public void Right_codes_give_back_what_their_tries_took()
    {
        for (var round = 0; round < 10; round++)
        {
            Assert.Equal(WrongCodes, BeginAll("many"));
            for (var tried = 0; tried < WrongCodes; tried++)
                _guard.EndTry("many", wasWrong: false);
        }
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public void Addresses_that_tried_a_wrong_code_share_what_is_left_at_the_same_instant_too()
    {
        string[] guessers = [.. Enumerable.Range(0, WrongCodes - 1).Select(number => $"guesser {number}")];
        Assert.All(guessers, guesser => Assert.True(TryWrong(guesser)));
        Assert.Equal(1, guessers.Sum(BeginAll));
    }

    [Fact]
    public void Load_tests_lift_both()
    {
        using var lifted = New(new() { CodesPerMinute = 1, WrongCodesPerMinute = 1, LiftRateLimits = true });
        for (var i = 0; i < 10; i++)
        {
            Assert.True(lifted.TrySend(out _));
            Assert.True(lifted.TryBegin("address", out _));
            lifted.EndTry("address", wasWrong: true);
        }
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public void A_hash_is_of_phone_and_code_under_a_key_that_stays()
    {
        using var folder = new TemporaryFolder();
        var hash = CodeHash.InFolder(folder.Path);
        var one = hash.Of("+4915112345678", "123456");
        Assert.Equal(one, CodeHash.InFolder(folder.Path).Of("+4915112345678", "123456"));
        Assert.Equal(22, one.Length);
        Assert.Distinct([one, hash.Of("+4915112345678", "123457"), hash.Of("+4915112345679", "123456"), ""]);
        using var elsewhere = new TemporaryFolder();
        Assert.NotEqual(one, CodeHash.InFolder(elsewhere.Path).Of("+4915112345678", "123456"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("codes.key")));
    }

    private bool TryWrong(string address) => Try(address, wasWrong: true);

    private bool TryRight(string address) => Try(address, wasWrong: false);

    private bool Try(string address, bool wasWrong)
    {
        if (!_guard.TryBegin(address, out _))
            return false;
        _guard.EndTry(address, wasWrong);
        return true;
    }

    // As many tries as an address may have in progress.
    private int BeginAll(string address)
    {
        var begun = 0;
        while (_guard.TryBegin(address, out _))
            begun++;
        return begun;
    }

    private CodeGuard New(AccountOptions options) => new(options, _services.GetRequiredService<IMeterFactory>(), _clock, _log);
}
