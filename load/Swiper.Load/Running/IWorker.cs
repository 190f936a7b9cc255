using System.Threading.Channels;

namespace Swiper.Load.Running;

/// <summary>Generates a share of the load, in this process or another.</summary>
internal interface IWorker : IAsyncDisposable
{
    /// <summary>Ends after <see cref="WorkerMessage.Finished"/> or <see cref="WorkerMessage.Failed"/>.</summary>
    ChannelReader<WorkerMessage> Messages { get; }

    /// <summary>The process it runs in.</summary>
    int ProcessId { get; }

    /// <summary>Starts the load; call after <see cref="WorkerMessage.Connected"/>.</summary>
    /// <param name="begin">The start time, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
    void Start(long begin);

    /// <summary>Interrupts the load; what was measured so far is still reported.</summary>
    void Stop();
}
