using System.ComponentModel;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using System.Threading.RateLimiting;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Host.Options;

namespace Swiper.Host.Accounts;

/// <summary>
/// Bounds the messages of this host, which cost money, and the wrong codes, which are guesses: whoever has a thousand addresses can try
/// codes of a hundred thousand phones an hour, each within the limits of its phone and its address.
/// </summary>
internal sealed class CodeGuard : ICodeGuard, IDisposable
{
    /// <summary>How long an address that tried a wrong code is remembered.</summary>
    public static readonly TimeSpan SuspectFor = TimeSpan.FromHours(1);

    // With more of them, everybody is suspect while there are too many wrong codes.
    private const int MostSuspects = 100_000;

    private readonly Lock _gate = new();

    // When each address tried its last wrong code.
    private readonly Dictionary<string, long> _suspects = new(StringComparer.Ordinal);

    // Tries in progress, by address, and all of them.
    private readonly Dictionary<string, int> _trying = new(StringComparer.Ordinal);
    private int _tries;
    private readonly TokenBucketRateLimiter _messages;
    private readonly TokenBucketRateLimiter _wrongCodes;
    private readonly Counter<long> _refusedMessages;
    private readonly Counter<long> _wrong;
    private readonly AccountOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ITimer _forgetting;
    private int _areMessagesShort;
    private bool _areCodesGuessed;

    public CodeGuard(AccountOptions options, IMeterFactory meters, TimeProvider clock, ILogger<CodeGuard> logger)
    {
        (_options, _clock, _logger) = (options, clock, logger);
        _messages = Bucket(options.CodesPerMinute);
        _wrongCodes = Bucket(options.WrongCodesPerMinute);
        var meter = meters.Create("Swiper.Accounts");
        _refusedMessages = meter.CreateCounter<long>("swiper.codes.refused", description: "Messages refused by Accounts:CodesPerMinute.");
        _wrong = meter.CreateCounter<long>("swiper.codes.wrong", description: "Wrong codes.");
        _forgetting = clock.CreateTimer(_ => Forget(), null, SuspectFor / 4, SuspectFor / 4);
    }

    public bool TrySend(out TimeSpan retryAfter)
    {
        retryAfter = default;
        if (_options.LiftRateLimits || TryTake(_messages, out retryAfter))
        {
            if (HasRecovered(_messages, _options.CodesPerMinute))
                Volatile.Write(ref _areMessagesShort, 0);
            return true;
        }

        _refusedMessages.Add(1);
        if (Interlocked.Exchange(ref _areMessagesShort, 1) == 0)
            CodeLog.TooManyMessages(_logger, _options.CodesPerMinute);
        return false;
    }

    public bool TryBegin(string address, out TimeSpan retryAfter)
    {
        retryAfter = default;
        lock (_gate)
        {
            var tries = _trying.GetValueOrDefault(address);
            if (!_options.LiftRateLimits && _wrongCodes.GetStatistics()!.CurrentAvailablePermits <= _tries
                && (tries > 0 || IsSuspect(address)))
            {
                retryAfter = _wrongCodes.ReplenishmentPeriod;
                return false;
            }
            _trying[address] = tries + 1;
            _tries++;
            return true;
        }
    }

    public void EndTry(string address, bool wasWrong)
    {
        lock (_gate)
        {
            _tries--;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_trying, address) == 0)
                _trying.Remove(address);
            if (!wasWrong)
                return;
            if (_suspects.Count < MostSuspects || _suspects.ContainsKey(address))
                _suspects[address] = _clock.GetTimestamp();
            if (TryTake(_wrongCodes, out _))
            {
                if (HasRecovered(_wrongCodes, _options.WrongCodesPerMinute))
                    _areCodesGuessed = false;
            }
            else if (!_options.LiftRateLimits && !_areCodesGuessed)
            {
                _areCodesGuessed = true;
                CodeLog.TooManyWrong(_logger, _options.WrongCodesPerMinute);
            }
        }
        _wrong.Add(1);
    }

    public void Dispose()
    {
        _forgetting.Dispose();
        _messages.Dispose();
        _wrongCodes.Dispose();
    }

    private bool IsSuspect(string address) => _suspects.TryGetValue(address, out var since)
        ? _clock.GetElapsedTime(since) < SuspectFor
        : _suspects.Count >= MostSuspects;

    private void Forget()
    {
        lock (_gate)
        {
            foreach (var (address, since) in _suspects)
            {
                if (_clock.GetElapsedTime(since) >= SuspectFor)
                    _suspects.Remove(address);
            }
        }
    }

    private static bool TryTake(TokenBucketRateLimiter bucket, out TimeSpan retryAfter)
    {
        using var lease = bucket.AttemptAcquire();
        retryAfter = lease.IsAcquired ? default : bucket.ReplenishmentPeriod;
        return lease.IsAcquired;
    }

    // As long as it lasts, single ones come through every moment: only a half full bucket says that it is over.
    private static bool HasRecovered(TokenBucketRateLimiter bucket, int permits) =>
        bucket.GetStatistics()!.CurrentAvailablePermits >= permits / 2;

    // The bucket holds what a whole minute allows and is refilled one by one.
    private static TokenBucketRateLimiter Bucket(int permits) => new(new()
    {
        TokenLimit = permits,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / permits,
        QueueLimit = 0,
    });
}

[EventIds(3150, 3169, "Login codes")]
internal static partial class CodeLog
{
    [Description("either an attack or a good day: look at what the gateway sends and to where, then raise `Accounts:CodesPerMinute` or "
        + "wait. Clients get 1005. Said once until it is over")]
    [LoggerMessage(3150, LogLevel.Error, "More than {Most} messages with codes a minute: further ones are refused")]
    public static partial void TooManyMessages(ILogger logger, int most);

    [Description("somebody guesses codes. Addresses that tried a wrong one in the last hour get 1005 for now; all others sign in as ever. "
        + "Said once until it is over")]
    [LoggerMessage(3151, LogLevel.Error, "More than {Most} wrong codes a minute: addresses that tried one lately have to wait")]
    public static partial void TooManyWrong(ILogger logger, int most);
}
