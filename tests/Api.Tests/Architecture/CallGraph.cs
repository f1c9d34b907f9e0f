using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>The calls that compiled methods make, read from their instructions.</summary>
internal sealed class CallGraph : IDisposable
{
    private readonly Dictionary<string, AssemblyDefinition> _assemblies = [];

    /// <summary>How many calls of one method another method makes, directly or through other methods of its own class.</summary>
    public int Count(System.Reflection.MethodInfo method, Type owner, string name) =>
        Reachable(DefinitionOf(method), []).SelectMany(Calls).Count(call => IsCallOf(call, owner, name));

    /// <summary>Whether a type, or a type nested in it, calls a method.</summary>
    public bool Calls(Type type, Type owner, string name) =>
        WithNested(TypeOf(type)).SelectMany(each => each.Methods).SelectMany(Calls).Any(call => IsCallOf(call, owner, name));

    /// <summary>Full names of the types that a method creates, directly or through other methods of its own class.</summary>
    public IReadOnlyList<string> Created(System.Reflection.MethodInfo method) =>
    [
        .. Reachable(DefinitionOf(method), []).SelectMany(each => each.Body.Instructions)
            .Where(each => each.OpCode.Code == Code.Newobj)
            .Select(each => ((MethodReference)each.Operand).DeclaringType.FullName),
    ];

    /// <summary>Whether a type, or a type nested in it, calls a method of an interface that takes this parameter.</summary>
    public bool CallsPortWith(Type type, Type parameter) =>
        WithNested(TypeOf(type)).SelectMany(each => each.Methods).SelectMany(Calls).Any(call =>
            call.Parameters.Any(each => each.ParameterType.FullName == parameter.FullName) && call.DeclaringType.Resolve() is { IsInterface: true });

    public void Dispose()
    {
        foreach (var assembly in _assemblies.Values) assembly.Dispose();
    }

    private MethodDefinition DefinitionOf(System.Reflection.MethodInfo method) =>
        TypeOf(method.DeclaringType!).Methods.Single(each => each.MetadataToken.ToInt32() == method.MetadataToken);

    private TypeDefinition TypeOf(Type type)
    {
        var path = type.Assembly.Location;
        if (!_assemblies.TryGetValue(path, out var assembly)) _assemblies[path] = assembly = AssemblyDefinition.ReadAssembly(path);
        return (TypeDefinition)assembly.MainModule.LookupToken(type.MetadataToken);
    }

    // The compiler turns async methods, iterators and lambdas into types nested in the class.
    private static IEnumerable<MethodDefinition> Reachable(MethodDefinition method, HashSet<MethodDefinition> seen)
    {
        if (!method.HasBody || !seen.Add(method)) return [];
        var own = method.Body.Instructions.Select(each => each.Operand).OfType<MethodReference>()
            .Select(reference => reference.Resolve())
            .Where(called => called is not null && Outermost(called.DeclaringType) == Outermost(method.DeclaringType))
            .SelectMany(called => called.IsConstructor ? called.DeclaringType.Methods.AsEnumerable() : [called]);
        var machines = method.Body.Variables.Select(variable => variable.VariableType.Resolve())
            .Where(type => type?.DeclaringType is not null && Outermost(type) == Outermost(method.DeclaringType) && type.Name.StartsWith('<'))
            .SelectMany(type => type.Methods);
        return own.Concat(machines).ToArray().SelectMany(called => Reachable(called, seen)).Prepend(method);
    }

    private static IEnumerable<MethodReference> Calls(MethodDefinition method) => !method.HasBody
        ? []
        : method.Body.Instructions.Where(each => each.OpCode.Code is Code.Call or Code.Callvirt).Select(each => (MethodReference)each.Operand);

    private static bool IsCallOf(MethodReference call, Type owner, string name) =>
        call.Name == name && call.DeclaringType.FullName == owner.FullName;

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);
}
