namespace Swiper.Load.Results;

/// <summary>Average CPU cores used by one process.</summary>
public sealed record ProcessCores(string Name, double Cores);
