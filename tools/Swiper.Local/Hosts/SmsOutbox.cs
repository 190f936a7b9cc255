using System.Text;
using System.Text.Json;

namespace Swiper.Local.Hosts;

/// <summary>The text messages that a host in Development writes to outbox/sms.jsonl instead of sending them.</summary>
internal sealed class SmsOutbox(string dataFolder)
{
    private const int CodeDigits = 6;

    private readonly string _path = Path.Combine(dataFolder, "outbox", "sms.jsonl");
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _codes = [];
    private long _read;

    /// <summary>
    /// The latest login code of a phone, returned once. The host writes it before it answers request_code.
    /// </summary>
    /// <exception cref="HostException">No code was found: no host, or a different one, writes there.</exception>
    public string CodeOf(string phone)
    {
        lock (_gate)
        {
            try
            {
                ReadNewLines();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new HostException($"no code for {phone}: {exception.Message}");
            }
            return _codes.Remove(phone, out var code) ? code : throw new HostException($"no code for {phone} in {_path}");
        }
    }

    private void ReadNewLines()
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = _read;
        var bytes = new byte[file.Length - _read];
        file.ReadExactly(bytes);
        // The last line may be incomplete.
        var whole = bytes.AsSpan(0, bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
        _read += whole.Length;
        foreach (var line in Encoding.UTF8.GetString(whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var message = JsonDocument.Parse(line);
            _codes[message.RootElement.GetProperty("phone").GetString()!] = message.RootElement.GetProperty("text")
                .GetString()![..CodeDigits];
        }
    }
}
