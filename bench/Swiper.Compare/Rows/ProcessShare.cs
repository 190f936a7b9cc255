namespace Swiper.Compare.Rows;

/// <summary>Processors that one process kept busy during a reading.</summary>
internal sealed record ProcessShare(string Name, double Cores);
