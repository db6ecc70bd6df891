/// What is wrong with one variable of the environment. Never holds its value: it may be a secret in the wrong place.
package struct SettingProblem: Sendable, Equatable, CustomStringConvertible {
    package let variable: String
    /// What was wrong: `is not true, false, 1 or 0`.
    package let problem: String
    /// What would be right.
    package let example: String

    package init(variable: String, problem: String, example: String) {
        self.variable = variable
        self.problem = problem
        self.example = example
    }

    /// One line for a person.
    package var description: String { "\(variable) \(problem); right is, for example: \(variable)=\(example)" }
}
