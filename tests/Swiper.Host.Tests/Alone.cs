namespace Swiper.Host.Tests;

/// <summary>Tests that watch what belongs to the whole process, its memory or its standard streams, run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
