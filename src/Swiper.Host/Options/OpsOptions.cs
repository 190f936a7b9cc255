using System.Net;
using System.Text;

namespace Swiper.Host.Options;

/// <summary>
/// How those who run the host reach it: `./swiper vip` and others talk to a running host through a Unix socket, monitoring reads metrics
/// and health from an HTTP port.
/// </summary>
public sealed record OpsOptions
{
    /// <summary>What <see cref="Socket"/> says where there is to be none.</summary>
    public const string None = "none";

    private const int DefaultPort = 7490;

    // The field of the system's structure, without its terminating zero.
    private static int LongestPath => OperatingSystem.IsMacOS() ? 103 : 107;

    /// <summary>The path of the socket, or "none"; see <see cref="PathFor"/> for the default.</summary>
    public string? Socket { get; init; }

    /// <summary>Whether there is an HTTP port with metrics and health.</summary>
    public bool Http { get; init; } = true;

    /// <summary>The address of that port; loopback by default, because whoever reaches it may read it.</summary>
    public string? Address { get; init; }

    /// <summary>The HTTP port; 0 picks a free one, which is the default of a host whose <see cref="ListenOptions.Port"/> is 0.</summary>
    public int? Port { get; init; }

    /// <summary>Whether requests are counted and timed; without it there are no metrics of them. To measure what it costs.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Requests that take longer are logged (event 1050, one a second) and counted.</summary>
    public TimeSpan SlowRequest { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where metrics and traces are sent by OTLP, such as http://localhost:4317; nowhere by default.</summary>
    public string? Otlp { get; init; }

    /// <summary>The share of the requests that are traced and sent to <see cref="Otlp"/>, from 0, the default, to 1 for all.</summary>
    public double TracedShare { get; init; }

    public IPAddress AddressFor() => Address is null ? IPAddress.Loopback : IPAddress.Parse(Address);

    public int PortFor(ListenOptions listen) => Port ?? (listen.Port == 0 ? 0 : DefaultPort);

    /// <summary>
    /// The path of the socket, null where there is none. By default `ops.sock` in the data folder, which one host has to itself. A host of
    /// a cluster needs no folder, and may share one: it has a socket by default in Development only, and its port is in the name.
    /// </summary>
    public string? PathFor(StorageOptions storage, ListenOptions listen, bool isDevelopment)
    {
        var name = storage.Engine == StorageEngine.Embedded ? "ops.sock"
            : isDevelopment && listen.Port > 0 ? $"ops-{listen.Port}.sock"
            : null;
        return Socket switch
        {
            None => null,
            null => name is null ? null : Path.GetFullPath(Path.Combine(storage.Data, name)),
            _ => Path.GetFullPath(Socket),
        };
    }

    internal IEnumerable<string> Problems(StorageOptions storage, ListenOptions listen, bool isDevelopment)
    {
        if (Address is not null && !IPAddress.TryParse(Address, out _))
            yield return $"Ops:Address: '{Address}' is not an IP address";
        if (Port is < 0 or > 65535)
            yield return $"Ops:Port: {Port} is not between 0 and 65535";
        if (SlowRequest <= TimeSpan.Zero)
            yield return "Ops:SlowRequest: must be positive";
        if (Otlp is not null && (!Uri.TryCreate(Otlp, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")))
            yield return $"Ops:Otlp: '{Otlp}' is not an http or https URL";
        if (!(TracedShare is >= 0 and <= 1))
            yield return $"Ops:TracedShare: {TracedShare} is not between 0 and 1";
        else if (TracedShare > 0 && Otlp is null)
            yield return "Ops:TracedShare: traces are sent to Ops:Otlp, which is not set";
        else if (TracedShare > 0 && !Metrics)
            yield return "Ops:TracedShare: requests that are traced must be timed, so Ops:Metrics can't be false";
        if (Socket is not null && (string.IsNullOrWhiteSpace(Socket) || Socket.Contains('\0')))
        {
            yield return $"Ops:Socket: must be the path of a file, or {None}";
            yield break;
        }
        if (PathFor(storage, listen, isDevelopment) is not { } path)
            yield break;
        if (Encoding.UTF8.GetByteCount(path) is var bytes && bytes > LongestPath)
        {
            yield return
                $"Ops:Socket: '{path}' has {bytes} bytes, and a Unix socket's path at most {LongestPath}: set a shorter one, or {None}";
        }
        if (Socket is not null && Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            yield return $"Ops:Socket: there is no folder '{folder}'";
    }
}
