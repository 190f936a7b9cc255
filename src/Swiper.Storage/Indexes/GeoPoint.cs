namespace Swiper.Storage.Indexes;

/// <summary>A place in degrees: latitude -90 to 90, longitude -180 to 180.</summary>
internal readonly record struct GeoPoint(double Latitude, double Longitude);

/// <summary>Great-circle distances from one point, with the terms of that point precomputed.</summary>
internal readonly struct DistanceFrom(GeoPoint point)
{
    public const double EarthRadiusKm = 6371.0088;
    public const double KmPerDegree = EarthRadiusKm * Math.PI / 180;

    private readonly double _latitude = double.DegreesToRadians(point.Latitude);
    private readonly double _longitude = double.DegreesToRadians(point.Longitude);
    private readonly double _cosLatitude = Math.Cos(double.DegreesToRadians(point.Latitude));

    public GeoPoint Point => point;

    /// <summary>Kilometres by the haversine formula, correct across the date line and the poles.</summary>
    public double KmTo(GeoPoint other)
    {
        var latitude = double.DegreesToRadians(other.Latitude);
        var sinLatitude = Math.Sin((latitude - _latitude) / 2);
        var sinLongitude = Math.Sin((double.DegreesToRadians(other.Longitude) - _longitude) / 2);
        var a = sinLatitude * sinLatitude + _cosLatitude * Math.Cos(latitude) * sinLongitude * sinLongitude;
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(a)));
    }

    /// <summary>Kilometres north or south: a lower bound of the distance.</summary>
    public double LatitudeKmTo(GridPlace place) => Math.Abs(place.Latitude - point.Latitude) * KmPerDegree;

    /// <summary>The displayed distance: whole kilometres rounded up, at least 1.</summary>
    public int ShownKmTo(GridPlace place) => Math.Max(1, (int)Math.Ceiling(KmTo(place.Point)));
}
