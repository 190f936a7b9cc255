using System.ComponentModel;
using System.Threading.RateLimiting;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;

namespace Swiper.Host.Accounts;

/// <summary>
/// Bounds the messages under way, which hold descriptors: so many are sent at once, so many wait, and none takes longer than a time.
/// </summary>
internal sealed class SmsQueue(int atOnce, int waiting, TimeSpan timeout, ILogger logger) : IDisposable
{
    private readonly LogPace _pace = new();
    private readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = atOnce,
        QueueLimit = waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Sends a message when its turn comes.</summary>
    /// <exception cref="SmsNotSentException">Too many wait, or the time is over.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> send)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            using var turn = await _turns.AcquireAsync(permitCount: 1, deadline.Token);
            if (!turn.IsAcquired)
                throw Full();
            await send(deadline.Token);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested)
        {
            if (_pace.TryTake(out var count))
                SmsLog.Late(logger, count, timeout.TotalSeconds);
            throw new SmsNotSentException("the SMS gateway did not take the message in time", late);
        }
    }

    public void Dispose() => _turns.Dispose();

    private SmsNotSentException Full()
    {
        if (_pace.TryTake(out var count))
            SmsLog.Full(logger, count, waiting);
        return new SmsNotSentException("too many messages wait for the SMS gateway");
    }
}

[EventIds(2200, 2299, "Messages to phones")]
internal static partial class SmsLog
{
    [Description("check the gateway at `Sms:Url`. The client got 1004 and may ask for a code again in a minute")]
    [LoggerMessage(2200, LogLevel.Warning, "SMS gateway did not accept a message to {Phone}")]
    public static partial void NotTaken(ILogger logger, string phone, Exception exception);

    [Description("the gateway is slow, or many ask for codes at once: see what it does, or raise `Sms:Connections`. At most once a "
        + "second")]
    [LoggerMessage(2201, LogLevel.Warning, "{Count} messages refused with 1004: {Waiting} wait for the SMS gateway")]
    public static partial void Full(ILogger logger, int count, int waiting);

    [Description("the gateway at `Sms:Url` is slow or hangs. The clients got 1004, and may ask again in a minute. At most once a second")]
    [LoggerMessage(2202, LogLevel.Warning, "{Count} messages given up: the SMS gateway did not take them within {Seconds} s")]
    public static partial void Late(ILogger logger, int count, double seconds);
}
