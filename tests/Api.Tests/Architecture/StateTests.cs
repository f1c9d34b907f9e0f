using System.Reflection;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>No static state can change. What requests share is injected.</summary>
public sealed class StateTests
{
    [Test]
    public void StaticFields_Are_ReadOnly() => Assert.That(MutableStatics(Product.Types), Is.Empty);

    [Test]
    public void Rule_ForStaticsThatCanChange_NamesThem() =>
        Assert.That(
            MutableStatics([typeof(WrongState)]),
            Is.EquivalentTo(["WrongState.Field", "WrongState.Property", "WrongState.Hidden"]));

    // The backing field of a settable static property has a name that only the compiler can write.
    private static IEnumerable<string> MutableStatics(IEnumerable<Type> types)
    {
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var written = types.ToArray();
        var fields = written.SelectMany(type => type.GetFields(Statics))
            .Where(field => !field.IsInitOnly && !field.IsLiteral && !field.Name.Contains('<'))
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}");
        var properties = written.SelectMany(type => type.GetProperties(Statics))
            .Where(property => property.CanWrite)
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}");
        return fields.Concat(properties);
    }

    private static class WrongState
    {
        public static readonly int Fixed = 1;
        public const int Constant = 2;
        public static int Field = Constant;
        private static int Hidden = Fixed;

        public static int Property { get; set; }

        public static int Next() => Hidden++;
    }
}
