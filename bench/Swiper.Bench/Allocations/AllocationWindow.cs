namespace Swiper.Bench.Allocations;

/// <summary>What was allocated while a benchmark ran many times.</summary>
/// <param name="Bytes">An operation, by all threads, to a tenth.</param>
/// <param name="BytesOfCaller">Those of the thread that ran it.</param>
internal readonly record struct AllocationWindow(double Bytes, double BytesOfCaller);
