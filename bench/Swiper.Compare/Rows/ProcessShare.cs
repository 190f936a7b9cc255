namespace Swiper.Compare.Rows;

/// <summary>CPU cores used by one process during a reading.</summary>
internal sealed record ProcessShare(string Name, double Cores);
