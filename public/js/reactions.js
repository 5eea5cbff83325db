// The reactions there are, in the order they are offered in: those of src/domain/reaction.rs.

export const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '😢'];
