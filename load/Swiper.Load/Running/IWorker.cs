using System.Threading.Channels;

namespace Swiper.Load.Running;

/// <summary>Makes a share of the load, in this process or another.</summary>
internal interface IWorker : IAsyncDisposable
{
    /// <summary>Ends after <see cref="WorkerMessage.Finished"/> or <see cref="WorkerMessage.Failed"/>.</summary>
    ChannelReader<WorkerMessage> Messages { get; }

    /// <summary>The process that it runs in.</summary>
    int ProcessId { get; }

    /// <summary>After <see cref="WorkerMessage.Connected"/>: the load begins.</summary>
    /// <param name="begin">When, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
    void Start(long begin);

    /// <summary>Ends it early; what was measured until then is told.</summary>
    void Stop();
}
