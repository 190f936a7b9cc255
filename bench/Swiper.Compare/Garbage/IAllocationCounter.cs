namespace Swiper.Compare.Garbage;

/// <summary>Tells from outside what a process allocates.</summary>
internal interface IAllocationCounter : IDisposable
{
    /// <summary>Bytes allocated a second from now on: the median of so many intervals. Waits for them.</summary>
    double BytesPerSecond(int intervals);
}
