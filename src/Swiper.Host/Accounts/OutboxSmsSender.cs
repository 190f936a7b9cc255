using System.Text.Encodings.Web;
using System.Text.Json;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Accounts;

/// <summary>
/// Development: appends each message as a line of JSON to outbox/sms.jsonl in the data folder, where people and tools read codes.
/// </summary>
internal sealed class OutboxSmsSender : ISmsSender, IDisposable
{
    // Load tests have thousands sign in at once, without a limit; a line takes microseconds.
    private const int LongestQueue = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // For people's eyes, not for a web page: "+" stays "+".
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SmsQueue _queue;
    private readonly TimeProvider _clock;

    public OutboxSmsSender(SwiperOptions options, TimeProvider clock, ILogger<OutboxSmsSender> logger)
    {
        _clock = clock;
        _queue = new SmsQueue(atOnce: 1, LongestQueue, options.Sms.Timeout, logger);
        OutboxFile = Path.Combine(PrivateFolder.Create(options.Storage.Data, "outbox"), "sms.jsonl");
    }

    /// <summary>Its full path.</summary>
    public string OutboxFile { get; }

    public async ValueTask SendAsync(string phone, string text)
    {
        var line = JsonSerializer.Serialize(new Message(phone, text, _clock.NowMs()), Json) + "\n";
        try
        {
            await _queue.RunAsync(cancellation => File.AppendAllTextAsync(OutboxFile, line, cancellation));
        }
        catch (IOException exception)
        {
            throw new SmsNotSentException("the SMS outbox can't be written", exception);
        }
    }

    public void Dispose() => _queue.Dispose();

    private sealed record Message(string Phone, string Text, long At);
}
