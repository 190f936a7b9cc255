namespace Swiper.Bench.Allocations;

/// <summary>What was allocated while a benchmark ran many times.</summary>
/// <param name="Bytes">Bytes per operation on all threads, to a tenth.</param>
/// <param name="BytesOfCaller">Bytes per operation on the calling thread.</param>
internal readonly record struct AllocationWindow(double Bytes, double BytesOfCaller);
