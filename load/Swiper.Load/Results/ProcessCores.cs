namespace Swiper.Load.Results;

/// <summary>Processors that one process kept busy, on average.</summary>
public sealed record ProcessCores(string Name, double Cores);
