using Swiper.Core.Accounts;
using Swiper.Host.Connections;
using Swiper.Host.Options;
using Swiper.Storage.Embedded;

namespace Swiper.Host.Restarts;

/// <summary>
/// When a process that was started to replace another waits for it. The data folder of the embedded engine has one owner, so before that
/// is opened. Hosts of a cluster run side by side, so only before the ports are; the operations socket has one owner, too.
/// </summary>
internal static class TakingOver
{
    public static IServiceCollection AddTakeOver(this IServiceCollection services, SwiperOptions options) =>
        options.Storage.Engine == StorageEngine.Cluster ? services.AddHostedService<BeforePorts>() : services;

    /// <summary>Before the app runs.</summary>
    public static async Task TakeOverAsync(this WebApplication app, HostArguments arguments, Replacement replacement)
    {
        var options = app.Services.GetRequiredService<SwiperOptions>();
        if (!replacement.HasPredecessor || options.Storage.Engine == StorageEngine.Cluster)
            return;
        // What does not need the folder is known to be well before the other process ends its work.
        if (options.Tls.Enabled)
            app.Services.GetRequiredService<ServerCertificate>();
        await Rehearsal.RunAsync(arguments, options);
        await replacement.ReadAheadAsync(
            Composition.EmbeddedOptionsOf(options, app.Services.GetRequiredService<CodeRules>()),
            app.Services.GetRequiredService<TimeProvider>(),
            app.Services.GetRequiredService<ILogger<EmbeddedStorage>>());
        await replacement.WhenMayServeAsync(options.Limits.Drain);
    }

    // Hosted services start in turn: this one after the storage.
    private sealed class BeforePorts(Replacement replacement, SwiperOptions options) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            replacement.WhenMayServeAsync(options.Limits.Drain).WaitAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
