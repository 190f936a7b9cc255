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
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // For people's eyes, not for a web page: "+" stays "+".
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TimeProvider _clock;

    public OutboxSmsSender(StorageOptions storage, TimeProvider clock)
    {
        _clock = clock;
        OutboxFile = Path.Combine(PrivateFolder.Create(storage.Data, "outbox"), "sms.jsonl");
    }

    /// <summary>Its full path.</summary>
    public string OutboxFile { get; }

    public async ValueTask SendAsync(string phone, string text)
    {
        var line = JsonSerializer.Serialize(new Message(phone, text, _clock.NowMs()), Json) + "\n";
        await _turn.WaitAsync();
        try
        {
            await File.AppendAllTextAsync(OutboxFile, line);
        }
        catch (IOException exception)
        {
            throw new SmsNotSentException("the SMS outbox can't be written", exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private sealed record Message(string Phone, string Text, long At);
}
