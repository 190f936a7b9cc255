namespace Swiper.Storage.Indexes;

/// <summary>A place in degrees: latitude -90 to 90, longitude -180 to 180.</summary>
internal readonly record struct GeoPoint(double Latitude, double Longitude);

/// <summary>Great-circle distances from one point, with the terms of that point precomputed.</summary>
internal readonly struct DistanceFrom(GeoPoint point)
{
    public const double EarthRadiusKm = 6371.0088;
    public const double KmPerDegree = EarthRadiusKm * Math.PI / 180;

    private const double MostFlat = 0.2;

    private readonly double _latitude = double.DegreesToRadians(point.Latitude);
    private readonly double _longitude = double.DegreesToRadians(point.Longitude);
    private readonly double _cosLatitude = Math.Cos(double.DegreesToRadians(point.Latitude));

    public GeoPoint Point => point;

    /// <summary>Kilometres by the haversine formula, correct across the date line and the poles.</summary>
    public double KmTo(GeoPoint other) => KmTo(other, Math.Cos(double.DegreesToRadians(other.Latitude)));

    /// <summary>The displayed distance: whole kilometres rounded up, at least 1.</summary>
    public int ShownKmTo(GridPlace place) => Math.Max(1, (int)Math.Ceiling(KmTo(place.Point, place.CosLatitude)));

    /// <summary>
    /// True only if the distance is greater than this, for a fraction of its cost; of almost all places that are farther it is true.
    /// </summary>
    public bool IsBeyond(GridPlace place, double km)
    {
        var other = place.Point;
        var north = double.DegreesToRadians(other.Latitude) - _latitude;
        var east = double.DegreesToRadians(other.Longitude) - _longitude;
        // Sines of small angles are about the angles: of these, by less than a hundredth.
        if (Math.Abs(north) > MostFlat || Math.Abs(east) > MostFlat)
            return false;
        var flat = north * north + _cosLatitude * place.CosLatitude * east * east;
        return flat * 0.99 * EarthRadiusKm * EarthRadiusKm > km * km;
    }

    private double KmTo(GeoPoint other, double cosLatitude)
    {
        var sinLatitude = Math.Sin((double.DegreesToRadians(other.Latitude) - _latitude) / 2);
        var sinLongitude = Math.Sin((double.DegreesToRadians(other.Longitude) - _longitude) / 2);
        var a = sinLatitude * sinLatitude + _cosLatitude * cosLatitude * sinLongitude * sinLongitude;
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(a)));
    }
}
