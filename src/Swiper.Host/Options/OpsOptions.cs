using System.Text;

namespace Swiper.Host.Options;

/// <summary>How those who run the host reach it: `./swiper vip` and others talk to a running host through a Unix socket.</summary>
public sealed record OpsOptions
{
    /// <summary>What <see cref="Socket"/> says where there is to be none.</summary>
    public const string None = "none";

    // The field of the system's structure, without its terminating zero.
    private static int LongestPath => OperatingSystem.IsMacOS() ? 103 : 107;

    /// <summary>The path of the socket, or "none"; see <see cref="PathFor"/> for the default.</summary>
    public string? Socket { get; init; }

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
