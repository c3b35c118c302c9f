//! The faults of a scenario file.

use super::Reader;
use super::json::{Json, Node};
use crate::model::declare::{
    FAULTS, Language, Message, fault_lacks, fault_place, unknown_choice, unknown_option,
};

/// The member that names the kind of a fault.
const MEMBER: &str = "fault";

impl Reader<'_> {
    /// Checks a list of faults.
    pub(super) fn faults(&mut self, node: &Node) {
        let Json::List(faults) = &node.json else {
            return self.wrong_type(node, "a list of faults");
        };
        for fault in faults {
            self.fault(fault);
        }
    }

    fn fault(&mut self, node: &Node) {
        let Json::Object(members) = &node.json else {
            return self.wrong_type(node, "an object");
        };
        let Some(kind) = members.iter().find(|it| it.name == MEMBER) else {
            return self.report(node.spot, Message::new(format!("a fault needs `{MEMBER}`")));
        };
        let Json::Text(word) = &kind.value.json else {
            return self.wrong_type(&kind.value, "a string");
        };
        if !FAULTS.iter().any(|it| it.word == word) {
            return self.report(kind.value.spot, unknown_choice(MEMBER, FAULTS, word));
        }
        let place = fault_place(word);
        for member in members.iter().filter(|it| it.name != MEMBER) {
            if let Some(opt) = place.find(&member.name) {
                self.calls((opt, member));
            } else {
                let message = unknown_option(place, &member.name, Language::Scenario);
                self.report(member.spot, message);
            }
        }
        for opt in place.required() {
            if !members.iter().any(|it| it.name == opt.name) {
                self.report(node.spot, fault_lacks(word, opt.name, Language::Scenario));
            }
        }
    }
}
