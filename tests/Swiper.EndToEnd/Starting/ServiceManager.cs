using System.Net.Sockets;
using System.Text;

namespace Swiper.EndToEnd.Starting;

/// <summary>What systemd is to a service of Type=notify: a socket that is told how the service is.</summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string _name = $"swiper-{Guid.NewGuid():n}";

    // In no folder: its path has no bound that the test would have to keep.
    public ServiceManager() => _socket.Bind(new UnixDomainSocketEndPoint($"\0{_name}"));

    public KeyValuePair<string, string> Variable => new("NOTIFY_SOCKET", $"@{_name}");

    public async Task<string> NextAsync()
    {
        var buffer = new byte[1024];
        var received = await _socket.ReceiveAsync(buffer).WaitAsync(Patience.Limit);
        return Encoding.UTF8.GetString(buffer, 0, received);
    }

    public void Dispose() => _socket.Dispose();
}
