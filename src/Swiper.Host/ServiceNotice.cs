using Microsoft.Extensions.Hosting.Systemd;

namespace Swiper.Host;

/// <summary>
/// Tells systemd, where it has started the process with Type=notify, when clients can connect and when the host begins to stop. Only that:
/// the rest of the package would replace the log's format and what signals do.
/// </summary>
internal static class ServiceNotice
{
    public static void TellServiceManager(this WebApplication app)
    {
        var systemd = new SystemdNotifier();
        if (!systemd.IsEnabled)
            return;
        app.Lifetime.ApplicationStarted.Register(() => systemd.Notify(ServiceState.Ready));
        app.Lifetime.ApplicationStopping.Register(() => systemd.Notify(ServiceState.Stopping));
    }
}
